package io.github.moshivis.audio.opus;

import club.minnced.opus.util.OpusLibrary;
import com.sun.jna.Platform;
import com.sun.jna.ptr.PointerByReference;
import io.github.moshivis.errors.NativeException;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import tomp2p.opuswrapper.Opus;

/**
 * Opus by libopus: the copy in opus-java, or the one in the system property {@value OpusCodec#LIBRARY_PROPERTY}. Decodes at 24 kHz.
 *
 * <p>Calls unchecked C code: this class validates all arguments, and calls nothing after it was freed.
 */
final class LibOpus implements OpusCodec {
    /** Version of the copy in opus-java. */
    static final String VULNERABLE = " 1.1.";

    private static final int RATE = AudioSource.SAMPLE_RATE;

    private static final class Loading {
        static final Optional<Throwable> FAILURE = load();

        private static Optional<Throwable> load() {
            try {
                if (System.getProperty(LIBRARY_PROPERTY) == null) {
                    OpusLibrary.loadFromJar();
                }
                Opus.INSTANCE.opus_get_version_string();
                return Optional.empty();
            } catch (IOException | RuntimeException | LinkageError e) {
                return Optional.of(e);
            }
        }
    }

    /** Returns the reason why the library does not load, if any; the first call tries to load it. */
    static Optional<Throwable> failure() {
        return Loading.FAILURE;
    }

    static String explain(Throwable cause) {
        return "Cannot load libopus: found " + firstLine(cause) + " on " + Platform.RESOURCE_PREFIX
                + ", expected the copy in club.minnced:opus-java; name another with -D" + LIBRARY_PROPERTY
                + "=PATH, or use the"
                + " implementation in Java with -D" + PROPERTY + "=java";
    }

    private static String firstLine(Throwable cause) {
        return cause.toString().lines().findFirst().orElse("");
    }

    @Override
    public String name() {
        return Opus.INSTANCE.opus_get_version_string();
    }

    @Override
    public Decoder decoder(int channels) {
        return new NativeDecoder(channels);
    }

    @Override
    public Encoder encoder(int application, OptionalInt bitRate, int complexity) {
        return new NativeEncoder(application, bitRate, complexity);
    }

    private static int check(int result, String what) {
        if (result < 0) {
            throw new NativeException("libopus failed to " + what + ": found error " + result + " ("
                    + Opus.INSTANCE.opus_strerror(result) + "), expected none; report it, and use -D" + PROPERTY
                    + "=java meanwhile");
        }
        return result;
    }

    private static final class NativeDecoder implements Decoder {
        private final int channels;
        private final NativeState state;

        NativeDecoder(int channels) {
            this.channels = channels;
            IntBuffer error = IntBuffer.allocate(1);
            PointerByReference made = Opus.INSTANCE.opus_decoder_create(RATE, channels, error);
            check(error.get(0), "make a decoder");
            state = new NativeState("Opus decoder", made, Opus.INSTANCE::opus_decoder_destroy);
        }

        @Override
        public int rate() {
            return RATE;
        }

        @Override
        public int decode(byte[] packet, float[] pcm) {
            int room = Math.min(pcm.length / channels, OpusPacket.MAX_SAMPLES / 2);
            return Math.max(
                    -1,
                    Opus.INSTANCE.opus_decode_float(
                            state.get(), packet, packet.length, FloatBuffer.wrap(pcm), room, 0));
        }

        @Override
        public void conceal(int samples, float[] pcm) {
            if (samples > pcm.length / channels) {
                throw new IllegalArgumentException(
                        "Cannot conceal " + samples + " samples in an array of " + pcm.length + "; give a larger one");
            }
            byte[] lost = null;
            check(
                    Opus.INSTANCE.opus_decode_float(state.get(), lost, 0, FloatBuffer.wrap(pcm), samples, 0),
                    "conceal " + samples + " samples");
        }

        @Override
        public void close() {
            state.close();
        }
    }

    private static final class NativeEncoder implements Encoder {
        private final NativeState state;
        private final ByteBuffer packet = ByteBuffer.allocateDirect(MAX_PACKET);

        NativeEncoder(int application, OptionalInt bitRate, int complexity) {
            IntBuffer error = IntBuffer.allocate(1);
            PointerByReference made = Opus.INSTANCE.opus_encoder_create(RATE, 1, application, error);
            check(error.get(0), "make an encoder");
            state = new NativeState("Opus encoder", made, Opus.INSTANCE::opus_encoder_destroy);
            set(Opus.OPUS_SET_COMPLEXITY_REQUEST, complexity);
            bitRate.ifPresent(bits -> set(Opus.OPUS_SET_BITRATE_REQUEST, bits));
        }

        private void set(int request, int value) {
            check(Opus.INSTANCE.opus_encoder_ctl(state.get(), request, value), "set number " + request);
        }

        @Override
        public int lookahead() {
            int[] samples = new int[1];
            check(
                    Opus.INSTANCE.opus_encoder_ctl(
                            state.get(), Opus.OPUS_GET_LOOKAHEAD_REQUEST, (Object) IntBuffer.wrap(samples)),
                    "tell its lookahead");
            return samples[0];
        }

        @Override
        public byte[] encode(float[] pcm) {
            int length = Opus.INSTANCE.opus_encode_float(state.get(), pcm, pcm.length, packet, MAX_PACKET);
            byte[] bytes = new byte[check(length, "encode " + pcm.length + " samples")];
            packet.get(0, bytes);
            return bytes;
        }

        @Override
        public void close() {
            state.close();
        }
    }
}
