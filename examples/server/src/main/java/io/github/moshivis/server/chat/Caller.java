package io.github.moshivis.server.chat;

import io.github.moshivis.SlotTicket;
import io.github.moshivis.client.Message;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import io.github.moshivis.server.log.Events;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * One connection of any protocol, from start to end: it waits for a picture, then in the queue, then holds the conversation. Messages of
 * the client arrive at {@link #heard} one at a time; messages to the client go to its {@link Line}; {@link #tick} checks deadlines; a
 * {@link SlotTicket} reports its turn. None of these methods blocks. Thread-safe.
 */
public final class Caller {
    /** Time that a client may take to close a connection after the server's close frame. */
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

    /** Event that starts the conversation, after the picture if one is required. */
    public enum Start {
        /** At once: with the picture, or when the wait for a picture is over. */
        AT_ONCE,
        /** With the first audio, or on request: until then, settings and the picture may arrive in any order. */
        WITH_SOUND
    }

    /**
     * Creates a caller.
     *
     * @param room state shared by all callers
     * @param query requested settings
     * @param start event that starts the conversation
     * @param image whether it sends a picture
     * @param number of the connection, in logs and file names
     * @param line connection to its client
     */
    Caller(ChatRoom room, Query query, Start start, ImageMode image, long number, Line line) {
        this.room = room;
        this.query = query;
        this.start = start;
        this.image = image;
        this.number = number;
        this.ratingKey = room.ratingKey(number);
        this.line = line;
        this.outbox = new Outbox(line, () -> leave(CloseReason.TIMEOUT, Reasons.TOO_SLOW));
        this.source = new CallerSource(() -> this.query.voice(), this::talkBegins);
        this.pictures = new Pictures(room.budget(), room.work(), outbox);
    }

    /** Starts the connection: sends the metadata, and waits for a picture if one is expected. */
    public synchronized void begin() {
        outbox.send(room.metadata(query, number, ratingKey));
        liveness = new Liveness(outbox::ping, room.now());
        boolean withSound = start == Start.WITH_SOUND;
        deadline =
                room.now() + (withSound ? room.options().idle() : room.options().imageWait()).toNanos();
        if (image == ImageMode.NONE && start == Start.AT_ONCE) {
            join();
        }
    }

    /**
     * Handles a message of the client.
     *
     * @param message the decoded message; the bytes of a picture are already taken from the room's budget
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
        } // Messages of servers and unknown ones are ignored, so that clients can be extended.
    }

    /**
     * Sets a picture that came from the server's configuration or in a text message.
     *
     * @param picture an encoded file
     * @return false if the picture budget is used up
     */
    public boolean show(byte[] picture) {
        boolean hasRoom = room.budget().take(picture.length);
        if (hasRoom) {
            heard(new Message.Image(picture));
        }
        return hasRoom;
    }

    /** Starts the conversation on request of the client. */
    public synchronized void begins() {
        asked = true;
        joinIfReady();
    }

    /** Drops audio that the model has not heard yet. */
    public void forgetSound() {
        source.clear();
    }

    /**
     * Sends protocol-specific frames, in order with all other messages.
     *
     * @param frames makes the frames when they are sent; must not call this caller
     */
    public void tell(Supplier<List<byte[]>> frames) {
        outbox.send(frames);
    }

    /**
     * Changes the settings: all of them before the conversation; sampling and the size of later pictures during it.
     *
     * @param changed the new settings
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

    /** Records a sign of life of the client. */
    public synchronized void alive() {
        liveness.heard(room.now());
    }

    /**
     * Reports an unreadable message to the client; the connection stays open.
     *
     * @param reason what was found, and expected
     */
    public void malformed(String reason) {
        malformed(() -> line.encode(new Message.Error(reason)));
    }

    /**
     * Reports an unreadable message to the client in protocol-specific frames; the connection stays open.
     *
     * @param frames makes the frames of the report
     */
    public void malformed(Supplier<List<byte[]>> frames) {
        room.metrics().errors.add("malformed");
        outbox.send(frames);
    }

    /**
     * Takes audio. It is not a sign of life, because a protocol's clock may produce it.
     *
     * @param sound in the format of the caller's settings
     */
    public void feed(byte[] sound) {
        synchronized (this) {
            if (state == State.TALKING) {
                deadline = room.now() + room.options().idle().toNanos();
            } else {
                asked = true;
                joinIfReady(); // a client that sends audio at once will not send a picture
            }
        }
        if (!source.offer(sound)) {
            leave(CloseReason.BAD_MEDIA, Reasons.TOO_MUCH_SOUND);
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
            leave(CloseReason.BUSY, room.reasons().queueFull());
            return;
        }
        state = State.QUEUED;
        ticket = mine;
        position(mine.position());
        mine.turn()
                .whenCompleteAsync((turn, failure) -> admitted(mine), room.work()) // the conversation reports a failure
                .exceptionally(failure -> {
                    mine.close(); // perhaps no thread was available
                    leave(CloseReason.FAILURE, Reasons.FAULT);
                    return null;
                });
    }

    /** Sends the client its position in the queue if it has changed. */
    private void position(int now) {
        if (now != 0 && now != position) {
            position = now;
            outbox.send(new Message.Metadata("{\"queue\":{\"position\":" + now + "}}"));
        }
    }

    /** Runs the conversation in the slot that was assigned to this caller. Called on a thread for this conversation only. */
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

    /** Runs the whole conversation. */
    private void talk(SlotTicket slot) {
        Talk mine = new Talk(room, query, number, outbox);
        try {
            pictures.first(picture -> mine.start(slot, picture, source));
            synchronized (this) {
                talk = mine;
                mine.begun(query);
            }
            pictures.follow(mine::change);
            mine.join();
            leave(CloseReason.FINISHED, Reasons.LONGEST);
        } catch (Talk.BadPictureException e) {
            awaitAnother(e.getMessage());
        } catch (BadQueryException e) {
            leave(CloseReason.BAD_SETTINGS, e.getMessage());
        } catch (Throwable e) { // an Error too: the caller must be told and disconnected
            mine.failed(e, this::leave);
        }
    }

    /** Called when the conversation has encoded its picture and opens its source. */
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

    /** Checks deadlines. */
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
            case AWAITING_PICTURE -> leave(CloseReason.TIMEOUT, room.reasons().notBegun(start, hadAsked));
            case TALKING -> leave(CloseReason.TIMEOUT, room.reasons().noSound());
            case LEFT -> line.disconnect();
            case QUEUED, ADMITTED -> {}
        }
    }

    /**
     * Ends the connection with a reason. Does nothing if it has ended.
     *
     * @param closeReason the reason, for programs
     * @param reason a sentence for people
     */
    public void leave(CloseReason closeReason, String reason) {
        if (end(CLOSE_TIMEOUT)) {
            room.metrics().farewells.add(closeReason.label());
            Events.of("farewell")
                    .with("caller", number)
                    .with("why", closeReason.label())
                    .with("reason", reason)
                    .log();
            outbox.close(closeReason, reason);
        }
    }

    /** Called when the connection is closed or lost. */
    void gone() {
        end(Duration.ZERO);
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

    /** Disconnects this caller to make room for another one, if it has sent neither a picture nor audio; returns whether it did. */
    synchronized boolean givesWay() {
        boolean silent = state == State.AWAITING_PICTURE && !asked && !pictures.isWaiting();
        if (silent) {
            leave(CloseReason.BUSY, Reasons.NO_ROOM);
            line.disconnect();
        }
        return silent;
    }

    /** Returns whether this caller has a conversation. */
    synchronized boolean isTalking() {
        return state == State.TALKING;
    }

    /** Sends a message that is not part of the conversation. */
    void notice(Message message) {
        outbox.send(message);
    }
}
