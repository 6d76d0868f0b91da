package io.github.moshivis.server.telephone;

import io.github.moshivis.client.Message;
import io.github.moshivis.server.chat.Caller;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.Line;
import io.github.moshivis.server.log.Events;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One call, of any carrier: what the carrier's class hears comes in by {@link #sound} and {@link #digit}; the carrier's {@link Line} gives
 * the model's sound to {@link #say}, and every 20 ms of it come back by the function that makes the carrier's frame. Safe for all threads.
 */
final class PhoneCall {
    /** Frames that even out the network's jitter, and how many may pile up before the oldest go. */
    private static final int JITTER_FRAMES = 3;

    private static final int MAX_IN_FRAMES = 15;

    /** The model's sound comes in pieces of 80 ms: one of them and half, so that none is waited for. */
    private static final int SPEECH_FRAMES = 6;

    /** Two seconds: more is never there unless something was held up. */
    private static final int MAX_OUT_FRAMES = 100;

    /** Keys of a call that reach the log. */
    private static final int MAX_DIGITS = 1000;

    private final ChatRoom room;
    private final Caller caller;
    private final PhoneClock clock;
    private final Optional<byte[]> picture;
    private final Function<byte[], List<byte[]>> framing;

    // Guarded by this.
    private PhoneFormat format;
    private FrameQueue in;
    private FrameQueue out;
    private boolean over;
    private int digits;

    /**
     * Creates a call that has not begun.
     *
     * @param options what all calls share
     * @param line the carrier's, which gives the model's sound to {@link #say}
     * @param framing makes the carrier's frames of 20 ms of sound
     */
    PhoneCall(TelephoneOptions options, Line line, Function<byte[], List<byte[]>> framing) {
        this.room = options.room();
        this.clock = options.clock();
        this.picture = options.picture();
        this.framing = framing;
        boolean looks = picture.isPresent() && room.options().image() != ImageMode.NONE;
        ImageMode mode = looks ? ImageMode.REQUIRED : ImageMode.NONE;
        this.caller = room.enter(room.query(Map.of()), Caller.Start.WITH_SOUND, mode, line);
    }

    Caller caller() {
        return caller;
    }

    /** The carrier says how sound comes: from now on the call's clock runs. Ignored if it is said again. */
    void begin(PhoneFormat said) {
        synchronized (this) {
            if (format != null || over) {
                return;
            }
            format = said;
            in = new FrameQueue(said.frameBytes(), JITTER_FRAMES, MAX_IN_FRAMES);
            out = new FrameQueue(said.frameBytes(), SPEECH_FRAMES, MAX_OUT_FRAMES);
        }
        caller.configure(room.query(Map.of()).voice(said.voice()));
        if (picture.isPresent() && !caller.show(picture.get())) {
            Events.of("telephone-picture-has-no-room").log();
        }
        clock.add(this);
        synchronized (this) {
            if (over) {
                clock.remove(this); // it ended meanwhile
            }
        }
    }

    /** The other side's sound, of any length. */
    void sound(byte[] bytes) {
        caller.alive();
        FrameQueue queue = queue(true);
        if (queue != null) {
            queue.add(bytes);
        }
    }

    /** A key was pressed on the telephone. Keys of a call that has not begun, and more than people press, are not logged. */
    void digit(String digit) {
        caller.alive();
        synchronized (this) {
            if (format == null || ++digits > MAX_DIGITS) {
                return;
            }
        }
        Events pressed = Events.of("dtmf"); // keys may be secrets
        String key = digit.substring(0, Math.min(1, digit.length()));
        (room.options().logTranscripts() ? pressed.with("digit", key) : pressed).log();
    }

    /**
     * Queues the model's audio, of any length; other messages mean nothing to a telephone.
     *
     * @return no frames: the call's clock sends them
     */
    List<byte[]> say(Message message) {
        FrameQueue queue = queue(false);
        if (message instanceof Message.Audio audio && queue != null) {
            queue.add(audio.bytes());
        }
        return List.of();
    }

    /** Forgets the model's sound that has not gone out. */
    void hush() {
        FrameQueue queue = queue(false);
        if (queue != null) {
            queue.clear();
        }
    }

    private synchronized FrameQueue queue(boolean inwards) {
        return inwards ? in : out;
    }

    /** 20 ms have passed. */
    void tick() {
        byte[] heard = queue(true).next();
        caller.feed(heard == null ? silence() : heard);
        byte[] said = queue(false).next();
        if (said != null) {
            caller.tell(() -> framing.apply(said));
        }
    }

    private synchronized byte[] silence() {
        return format.silence();
    }

    /** The connection is closed. */
    void end() {
        synchronized (this) {
            over = true;
        }
        clock.remove(this);
        room.left(caller);
    }
}
