package io.github.moshivis.audio.opus;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.moshivis.io.AudioSource;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Opus by Concentus, a port of libopus to Java, in fixed point. Decodes at 48 kHz, because at other rates its version 1.0.2 decodes packets
 * in hybrid mode to silence.
 */
final class JavaOpus implements OpusCodec {
    private static final int ENCODER_RATE = AudioSource.SAMPLE_RATE;
    private static final float SCALE = 0x1p15f;

    @Override
    public String name() {
        return "Concentus 1.0.2";
    }

    @Override
    public Decoder decoder(int channels) {
        return new JavaDecoder(channels);
    }

    @Override
    public Encoder encoder(int application, OptionalInt bitRate, int complexity) {
        return new JavaEncoder(application, bitRate, complexity);
    }

    private static <T> T open(T state, String what) {
        if (state == null) {
            throw new IllegalStateException("This " + what + " is closed; make a new one for each stream");
        }
        return state;
    }

    private static final class JavaDecoder implements Decoder {
        private static final String NAME = "Opus decoder";

        private final int channels;
        private final short[] samples;
        private OpusDecoder state;

        JavaDecoder(int channels) {
            this.channels = channels;
            samples = new short[channels * OpusPacket.MAX_SAMPLES];
            state = fresh();
        }

        private OpusDecoder fresh() {
            try {
                return new OpusDecoder(OpusHead.RATE, channels);
            } catch (OpusException e) {
                throw new IllegalStateException("Concentus makes no decoder", e); // Constant arguments are valid.
            }
        }

        @Override
        public int rate() {
            return OpusHead.RATE;
        }

        @Override
        public int decode(byte[] packet, float[] pcm) {
            return decode(packet, packet.length, OpusPacket.MAX_SAMPLES, pcm);
        }

        @Override
        public void conceal(int count, float[] pcm) {
            if (decode(null, 0, count, pcm) < 0) {
                Arrays.fill(pcm, 0, channels * count, 0);
            }
        }

        private int decode(byte[] packet, int length, int room, float[] pcm) {
            try {
                int count = open(state, NAME).decode(packet, 0, length, samples, 0, room, false);
                for (int i = 0; i < channels * count; i++) {
                    pcm[i] = samples[i] / SCALE;
                }
                return count;
            } catch (OpusException | ArithmeticException | IndexOutOfBoundsException | AssertionError e) {
                state = fresh(); // Concentus reads and writes beyond its arrays where libopus checks: what it was doing
                // is half done.
                return -1;
            }
        }

        @Override
        public void close() {
            state = null;
        }
    }

    private static final class JavaEncoder implements Encoder {
        private static final String NAME = "Opus encoder";

        private final byte[] packet = new byte[MAX_PACKET];
        private OpusEncoder state;

        JavaEncoder(int application, OptionalInt bitRate, int complexity) {
            try {
                state = new OpusEncoder(ENCODER_RATE, 1, concentus(application));
                state.setComplexity(complexity);
                bitRate.ifPresent(state::setBitrate);
            } catch (OpusException e) {
                throw new IllegalArgumentException("Concentus makes no encoder for application " + application, e);
            }
        }

        private static OpusApplication concentus(int application) {
            return switch (application) {
                case 2048 -> OpusApplication.OPUS_APPLICATION_VOIP;
                case 2049 -> OpusApplication.OPUS_APPLICATION_AUDIO;
                default -> OpusApplication.OPUS_APPLICATION_RESTRICTED_LOWDELAY;
            };
        }

        @Override
        public int lookahead() {
            return open(state, NAME).getLookahead();
        }

        @Override
        public byte[] encode(float[] pcm) {
            short[] samples = new short[pcm.length];
            for (int i = 0; i < pcm.length; i++) {
                samples[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(pcm[i] * SCALE)));
            }
            try {
                int length = open(state, NAME).encode(samples, 0, samples.length, packet, 0, packet.length);
                return Arrays.copyOf(packet, length);
            } catch (OpusException e) {
                throw new IllegalStateException("Concentus failed to encode " + pcm.length + " samples", e);
            }
        }

        @Override
        public void close() {
            state = null;
        }
    }
}
