package io.github.moshivis.server.chat;

import io.github.moshivis.SlotTicket;
import io.github.moshivis.client.Message;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import io.github.moshivis.server.log.Events;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * One connection of any protocol, from its begin to its end: first a picture, then a place in the queue, then the talk. What its client
 * sends comes in by {@link #heard}, one message at a time, and what it is told goes out by its {@link Line}; time comes by {@link #tick};
 * its turn comes by its {@link SlotTicket}. None of them waits, and all of them may come from any thread.
 */
public final class Caller {
    /** Time that a client may take to close a connection after the server's farewell. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private enum State {
        AWAITING_PICTURE,
        QUEUED,
        ADMITTED,
        TALKING,
        LEFT
    }

    private final ChatRoom room;
    private final Start start;
    private final ImageMode image;
    private final long number;
    private final String ratingKey;
    private final Line line;
    private final Outbox outbox;
    private final CallerSource source;
    private final Pictures pictures;

    private volatile Query query;

    // Guarded by this.
    private State state = State.AWAITING_PICTURE;
    private long deadline;
    private boolean asked;
    private SlotTicket ticket;
    private Talk talk;
    private int position;
    private Liveness liveness;

    /** The event with which a talk begins, once there is a picture if one is required. */
    public enum Start {
        /** At once: with the picture, or without one as soon as none is waited for. */
        AT_ONCE,
        /** With the first sound, or when it is asked for: until then, settings and the picture may come in any order. */
        WITH_SOUND
    }

    /**
     * Creates a caller.
     *
     * @param room what all callers share
     * @param query what it asked for
     * @param start when its talk begins
     * @param image whether it brings a picture
     * @param number of the connection, in logs and file names
     * @param line to its client
     */
    Caller(ChatRoom room, Query query, Start start, ImageMode image, long number, Line line) {
        this.room = room;
        this.query = query;
        this.start = start;
        this.image = image;
        this.number = number;
        this.ratingKey = room.ratingKey(number);
        this.line = line;
        this.outbox = new Outbox(line, () -> leave(Farewell.TIMEOUT, Reasons.TOO_SLOW));
        this.source = new CallerSource(() -> this.query.voice(), this::talkBegins);
        this.pictures = new Pictures(room.budget(), room.work(), outbox);
    }

    /** The connection stands: says what holds, and waits for a picture if one can come. */
    public synchronized void begin() {
        outbox.send(room.metadata(query, number, ratingKey));
        liveness = new Liveness(outbox::ping, room.now());
        deadline = room.now() + startTimeout().toNanos();
        if (image == ImageMode.NONE && start == Start.AT_ONCE) {
            join();
        }
    }

    private Duration startTimeout() {
        return start == Start.WITH_SOUND
                ? room.options().idle()
                : room.options().imageWait();
    }

    /**
     * Takes a message of the client.
     *
     * @param message already read; the bytes of a picture are taken from the room's budget
     */
    public void heard(Message message) {
        alive();
        room.metrics().messages.add(message.getClass().getSimpleName());
        if (message instanceof Message.Audio audio) {
            feed(audio.bytes());
        } else if (message instanceof Message.Image sent) {
            picture(sent.bytes());
        } else if (message instanceof Message.Ping) {
            outbox.send(new Message.Ping());
        } else if (message instanceof Message.Rating rating) {
            room.rate(ratingKey, rating.stars());
        } // All else is what servers say, or not known here: ignored, so that clients can be extended.
    }

    /**
     * Takes a picture that the server's own configuration or a text message brought.
     *
     * @param picture an encoded file
     * @return false if there is no room for it now
     */
    public boolean show(byte[] picture) {
        boolean hasRoom = room.budget().take(picture.length);
        if (hasRoom) {
            heard(new Message.Image(picture));
        }
        return hasRoom;
    }

    /** The client asks for the talk to begin. */
    public synchronized void begins() {
        asked = true;
        joinIfReady();
    }

    /** Forgets sound that has not been given to the model yet. */
    public void forgetSound() {
        source.clear();
    }

    /**
     * Says something of the protocol's own, in order with all that is sent.
     *
     * @param frames makes the frames, when it is their turn; must not call this caller
     */
    public void tell(Supplier<List<byte[]>> frames) {
        outbox.send(frames);
    }

    /**
     * Changes the settings: all of them before the talk, those of sampling and of pictures that follow during it.
     *
     * @param changed what is asked for from now on
     */
    public void configure(Query changed) {
        Talk now;
        synchronized (this) {
            query = changed;
            now = talk;
            outbox.send(room.metadata(changed, number, ratingKey));
        }
        if (now != null) {
            now.update(changed);
        }
    }

    /** The client is there. */
    public synchronized void alive() {
        liveness.heard(room.now());
    }

    /**
     * The client sent a message that cannot be read: it hears of it, and goes on.
     *
     * @param reason what was found, and expected
     */
    public void malformed(String reason) {
        malformed(() -> line.encode(new Message.Error(reason)));
    }

    /**
     * The client sent a message that cannot be read: it hears of it in its protocol's own words, and goes on.
     *
     * @param frames makes the frames that say so
     */
    public void malformed(Supplier<List<byte[]>> frames) {
        room.metrics().errors.add("malformed");
        outbox.send(frames);
    }

    /**
     * Takes sound of which the protocol's own clock makes the pace, so that it is no sign of life.
     *
     * @param sound in the format of the caller's settings
     */
    public void feed(byte[] sound) {
        synchronized (this) {
            if (state == State.TALKING) {
                deadline = room.now() + room.options().idle().toNanos();
            } else {
                asked = true;
                joinIfReady(); // a client that talks at once knows nothing of pictures
            }
        }
        if (!source.offer(sound)) {
            leave(Farewell.BAD_MEDIA, Reasons.TOO_MUCH_SOUND);
        }
    }

    private synchronized void picture(byte[] bytes) {
        if (image == ImageMode.NONE) {
            room.budget().giveBack(bytes.length);
            outbox.send(new Message.Error("This server talks without pictures; the picture is not used"));
        } else if (state == State.LEFT) {
            room.budget().giveBack(bytes.length);
        } else {
            pictures.take(bytes);
            joinIfReady();
        }
    }

    /** Joins the queue if the caller waits for nothing else: see {@link Start} and {@link ImageMode}. */
    private void joinIfReady() {
        boolean pictured = pictures.isWaiting() || asked && image != ImageMode.REQUIRED;
        if (state == State.AWAITING_PICTURE && pictured && (asked || start == Start.AT_ONCE)) {
            join();
        }
    }

    private synchronized void join() {
        SlotTicket mine = ticket == null ? room.model().ticket() : ticket.again();
        if (ticket == null && mine.position() > room.options().queue()) {
            mine.close();
            leave(Farewell.BUSY, room.reasons().queueFull());
            return;
        }
        state = State.QUEUED;
        ticket = mine;
        position(mine.position());
        mine.turn()
                .whenCompleteAsync((turn, failure) -> admitted(mine), room.work()) // the talk itself finds a failure
                .exceptionally(failure -> {
                    mine.close(); // perhaps there was no thread for the talk
                    leave(Farewell.FAILURE, Reasons.FAULT);
                    return null;
                });
    }

    /** Tells the client its position in the queue, if it does not know it. */
    private void position(int now) {
        if (now != 0 && now != position) {
            position = now;
            outbox.send(new Message.Metadata("{\"queue\":{\"position\":" + now + "}}"));
        }
    }

    /** It is this caller's turn, and a slot is its own until it gives it back. On a thread which is there for the talk only. */
    private void admitted(SlotTicket mine) {
        room.turnBegins();
        try (mine) {
            if (takesTurn()) {
                talk(mine);
            }
        } finally {
            room.turnEnds();
        }
    }

    private synchronized boolean takesTurn() {
        if (state != State.QUEUED) {
            return false;
        }
        state = State.ADMITTED;
        position = 0;
        deadline = Long.MAX_VALUE;
        return true;
    }

    /** Holds the whole talk. */
    private void talk(SlotTicket slot) {
        Talk mine = new Talk(room, query, number, outbox);
        try {
            mine.start(slot, pictures.first(), source);
            synchronized (this) {
                talk = mine;
                mine.begun(query);
            }
            pictures.follow(mine::change);
            mine.join();
            leave(Farewell.FINISHED, Reasons.LONGEST);
        } catch (Talk.BadPictureException e) {
            awaitAnother(e.getMessage());
        } catch (BadQueryException e) {
            leave(Farewell.BAD_SETTINGS, e.getMessage());
        } catch (Throwable e) { // an Error too: the caller must hear of it, and not keep its connection
            failed(e);
        }
    }

    /** The conversation looked at its picture and opens its source. */
    private synchronized void talkBegins() {
        if (state == State.ADMITTED) {
            state = State.TALKING;
            deadline = room.now() + room.options().idle().toNanos();
            outbox.send(Message.Handshake.CURRENT);
        } else {
            source.close();
        }
    }

    private synchronized void awaitAnother(String reason) {
        if (state == State.ADMITTED) {
            state = State.AWAITING_PICTURE;
            pictures.wasBad();
            deadline = room.now() + room.options().imageWait().toNanos();
            outbox.send(new Message.Error(reason));
            room.metrics().errors.add("bad_picture");
        }
    }

    private void failed(Throwable e) {
        boolean theirs = Talk.isCallersFault(e);
        if (!theirs) {
            Events.of("talk-failed").with("caller", number).log(Level.WARNING, e);
        }
        leave(theirs ? Farewell.BAD_MEDIA : Farewell.FAILURE, theirs ? e.getMessage() : Reasons.FAULT);
    }

    /** Looks whether time is up. */
    void tick(long now) {
        State late;
        boolean hadAsked;
        synchronized (this) {
            if (liveness == null) {
                return; // has not begun
            }
            if (state != State.LEFT && liveness.isGone(now)) {
                end(Duration.ZERO); // and disconnected below
            }
            if (state == State.QUEUED) {
                position(ticket.position());
            }
            if (now < deadline) {
                return;
            }
            deadline = Long.MAX_VALUE;
            late = state;
            hadAsked = asked;
            if (late == State.AWAITING_PICTURE && start == Start.AT_ONCE && image == ImageMode.OPTIONAL) {
                join();
                return;
            }
        }
        switch (late) {
            case AWAITING_PICTURE -> leave(Farewell.TIMEOUT, room.reasons().notBegun(start, hadAsked));
            case TALKING -> leave(Farewell.TIMEOUT, room.reasons().noSound());
            case LEFT -> line.disconnect();
            case QUEUED, ADMITTED -> {}
        }
    }

    /**
     * Ends the connection with a reason. Does nothing to one that has ended.
     *
     * @param farewell the kind of reason
     * @param reason a sentence for people
     */
    public void leave(Farewell farewell, String reason) {
        if (end(CLOSE_TIMEOUT)) {
            room.metrics().farewells.add(farewell.label());
            Events.of("farewell")
                    .with("caller", number)
                    .with("why", farewell.label())
                    .with("reason", reason)
                    .log();
            outbox.close(farewell, reason);
        }
    }

    /** The client has closed the connection, or it broke. */
    void gone() {
        end(Duration.ZERO);
        synchronized (this) {
            deadline = Long.MAX_VALUE;
        }
    }

    private synchronized boolean end(Duration closeTimeout) {
        if (state == State.LEFT) {
            return false;
        }
        if (state == State.QUEUED) {
            ticket.close();
        }
        state = State.LEFT;
        deadline = room.now() + closeTimeout.toNanos();
        source.close();
        pictures.close();
        return true;
    }

    /** Returns whether this caller has a conversation. */
    synchronized boolean isTalking() {
        return state == State.TALKING;
    }

    /** Says something to the client that is no part of the talk. */
    void notice(Message message) {
        outbox.send(message);
    }
}
