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
 * One call of any carrier: the carrier's class passes incoming audio to {@link #sound} and keys to {@link #digit}; the carrier's
 * {@link Line} passes the model's audio to {@link #say}; a function encodes every 20 ms of it as frames of the carrier. Thread-safe.
 */
final class PhoneCall {
    /** Frames of the jitter buffer before audio starts, and its maximum. */
    private static final int JITTER_FRAMES = 3;

    private static final int MAX_IN_FRAMES = 15;

    /** Frames of the model's audio before playback starts: one and a half pieces of 80 ms, to avoid gaps. */
    private static final int SPEECH_FRAMES = 6;

    /** Two seconds; exceeded only after a delay elsewhere. */
    private static final int MAX_OUT_FRAMES = 100;

    /** Maximum number of logged keys per call. */
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
     * @param options settings shared by all calls
     * @param line connection of the carrier, which passes the model's audio to {@link #say}
     * @param framing encodes 20 ms of audio as frames of the carrier
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

    /** Sets the audio format and starts the call's clock. Ignored after the first time. */
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

    /** Takes the caller's audio, of any length. */
    void sound(byte[] bytes) {
        caller.alive();
        FrameQueue queue = queue(true);
        if (queue != null) {
            queue.add(bytes);
        }
    }

    /** Logs a pressed key. Keys before the call's start and beyond a maximum are not logged. */
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

    /** Drops the model's audio that was not sent yet. */
    void hush() {
        FrameQueue queue = queue(false);
        if (queue != null) {
            queue.clear();
        }
    }

    private synchronized FrameQueue queue(boolean inwards) {
        return inwards ? in : out;
    }

    /** Called every 20 ms. */
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

    /** Called when the connection is closed. */
    void end() {
        synchronized (this) {
            over = true;
        }
        clock.remove(this);
        room.left(caller);
    }
}
