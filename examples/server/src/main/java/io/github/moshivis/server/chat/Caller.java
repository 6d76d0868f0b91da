package io.github.moshivis.server.chat;

import io.github.moshivis.client.Message;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import io.github.moshivis.server.log.Events;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * One connection, from its upgrade to its end: first a picture, then a place in the queue, then the talk. What its client sends
 * comes in by {@link #heard}, one message at a time; time comes by {@link #tick}; the queue calls {@link #admitted}. None of them
 * waits, and all of them may come from any thread.
 */
final class Caller {
    /** How long a client may take to close a connection that we have said goodbye on. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private enum State {
        AWAITING_PICTURE,
        QUEUED,
        TALKING,
        LEFT
    }

    private final ChatRoom room;
    private final Query query;
    private final long number;
    private final Outbox outbox;
    private final Runnable disconnect;
    private final CallerSource source;
    private final Pictures pictures;

    // Guarded by this.
    private State state = State.AWAITING_PICTURE;
    private long deadline;
    private boolean hadItsTurn;
    private int position;
    private Liveness liveness;

    /**
     * Creates a caller.
     *
     * @param room what all callers share
     * @param query what it asked for
     * @param number of the connection, in logs and file names
     * @param line to its client
     * @param disconnect drops the connection without a word
     */
    Caller(ChatRoom room, Query query, long number, Outbox.Line line, Runnable disconnect) {
        this.room = room;
        this.query = query;
        this.number = number;
        this.disconnect = disconnect;
        this.outbox = new Outbox(line, () -> leave(Farewell.TIMEOUT, Reasons.TOO_SLOW));
        this.source = new CallerSource(query.voice(), this::talkBegins);
        this.pictures = new Pictures(room.budget(), room.work(), outbox);
    }

    /** The connection stands: says what holds, and waits for a picture if one can come. */
    synchronized void begin() {
        outbox.send(room.metadata(query, number));
        liveness = new Liveness(outbox::ping, room.now());
        deadline = room.now() + room.options().imageWait().toNanos();
        if (room.options().image() == ImageMode.NONE) {
            join();
        }
    }

    /** Takes a message of the client. */
    void heard(Message message) {
        alive();
        room.metrics().messages.add(message.getClass().getSimpleName());
        if (message instanceof Message.Audio audio) {
            audio(audio.bytes());
        } else if (message instanceof Message.Image image) {
            picture(image.bytes());
        } else if (message instanceof Message.Ping) {
            outbox.send(new Message.Ping());
        } else if (message instanceof Message.Rating rating) {
            room.rated(number, rating.stars());
        } // All else is what servers say, or not known here: ignored, so that clients can be extended.
    }

    /** The client is there. */
    synchronized void alive() {
        liveness.heard(room.now());
    }

    /** The client sent a message that cannot be read: it hears of it, and goes on. */
    void malformed(String reason) {
        room.metrics().errors.add("malformed");
        outbox.send(new Message.Error(reason));
    }

    private void audio(byte[] bytes) {
        synchronized (this) {
            if (state == State.TALKING) {
                deadline = room.now() + room.options().idle().toNanos();
            } else if (state == State.AWAITING_PICTURE && room.options().image() == ImageMode.OPTIONAL) {
                join(); // a client that talks at once knows nothing of pictures
            }
        }
        if (!source.offer(bytes)) {
            leave(Farewell.BAD_MEDIA, Reasons.TOO_MUCH_SOUND);
        }
    }

    private synchronized void picture(byte[] bytes) {
        if (room.options().image() == ImageMode.NONE) {
            room.budget().giveBack(bytes.length);
            outbox.send(new Message.Error("This server talks without pictures; the picture is not used"));
        } else if (state == State.LEFT) {
            room.budget().giveBack(bytes.length);
        } else {
            pictures.take(bytes);
            if (state == State.AWAITING_PICTURE) {
                join();
            }
        }
    }

    private synchronized void join() {
        state = State.QUEUED;
        Optional<Integer> place = room.admission().join(this, hadItsTurn);
        if (place.isEmpty()) {
            leave(Farewell.BUSY, room.reasons().queueFull());
        } else if (place.get() > 0) {
            position(place.get());
        }
    }

    /** Tells the client where in the queue it is, if it does not know. */
    synchronized void position(int now) {
        if (state == State.QUEUED && now != position) {
            position = now;
            outbox.send(new Message.Metadata("{\"queue\":{\"position\":" + now + "}}"));
        }
    }

    /** It is this caller's turn, and a slot is its own until it gives it back. */
    void admitted() {
        room.work().execute(() -> {
            try {
                if (takesTurn()) {
                    talk();
                }
            } finally {
                room.admission().release();
            }
        });
    }

    private synchronized boolean takesTurn() {
        position = 0;
        hadItsTurn = true;
        deadline = Long.MAX_VALUE;
        return state == State.QUEUED;
    }

    /** Holds the whole talk. On a thread of its own, which is there for the talk only. */
    private void talk() {
        Talk mine = new Talk(room, query, number, outbox);
        try {
            mine.start(pictures.first(), source);
            pictures.follow(mine::change);
            mine.join();
            leave(Farewell.FINISHED, Reasons.LONGEST);
        } catch (Talk.BadPictureException e) {
            awaitAnother(e.getMessage());
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** The conversation looked at its picture and opens its source. */
    private synchronized void talkBegins() {
        if (state == State.QUEUED) {
            state = State.TALKING;
            deadline = room.now() + room.options().idle().toNanos();
            outbox.send(Message.Handshake.CURRENT);
        } else {
            source.close();
        }
    }

    private synchronized void awaitAnother(String reason) {
        if (state == State.QUEUED) {
            state = State.AWAITING_PICTURE;
            pictures.wasBad();
            deadline = room.now() + room.options().imageWait().toNanos();
            outbox.send(new Message.Error(reason));
            room.metrics().errors.add("bad_picture");
        }
    }

    private void failed(RuntimeException e) {
        boolean theirs = Talk.isCallersFault(e);
        if (!theirs) {
            Events.of("talk-failed").with("caller", number).log(Level.WARNING, e);
        }
        leave(theirs ? Farewell.BAD_MEDIA : Farewell.FAILURE, theirs ? e.getMessage() : Reasons.FAULT);
    }

    /** Looks whether time is up. */
    void tick(long now) {
        State late;
        synchronized (this) {
            if (state != State.LEFT && liveness.isGone(now)) {
                end(Duration.ZERO); // and disconnected below
            }
            if (now < deadline) {
                return;
            }
            deadline = Long.MAX_VALUE;
            late = state;
            if (late == State.AWAITING_PICTURE && room.options().image() == ImageMode.OPTIONAL) {
                join();
                return;
            }
        }
        switch (late) {
            case AWAITING_PICTURE -> leave(Farewell.TIMEOUT, room.reasons().noPicture());
            case TALKING -> leave(Farewell.TIMEOUT, room.reasons().noSound());
            case LEFT -> disconnect.run();
            case QUEUED -> {}
        }
    }

    /** Ends the connection with a reason. Does nothing to one that has ended. */
    void leave(Farewell farewell, String reason) {
        if (end(FAREWELL)) {
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

    private synchronized boolean end(Duration patience) {
        if (state == State.LEFT) {
            return false;
        }
        state = State.LEFT;
        deadline = room.now() + patience.toNanos();
        room.admission().leave(this);
        source.close();
        pictures.close();
        return true;
    }

    /** Whether this caller has a conversation. */
    synchronized boolean isTalking() {
        return state == State.TALKING;
    }

    /** Says something to the client that is no part of the talk. */
    void notice(Message message) {
        outbox.send(message);
    }
}
