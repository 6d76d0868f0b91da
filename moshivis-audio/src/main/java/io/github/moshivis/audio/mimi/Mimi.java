package io.github.moshivis.audio.mimi;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.nn.RecordedPlan;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;

/**
 * The Mimi codec. Streaming, as {@link SpeechCodec} describes it, gives what the reference's streaming gives, and is what the
 * language model was made for; the offline forms give what the reference gives without streaming.
 *
 * <p>The two differ once more steps have gone by than the transformers' context: offline each step sees the last {@code context}
 * steps, its own included; streaming, the first steps of a frame see fewer, because all of a frame's steps are written to the
 * ring before any of them looks.
 */
public final class Mimi implements SpeechCodec {
    /** Frames per call of the offline forms; their state does not grow with the audio. */
    static final int OFFLINE_FRAMES = 8;

    /** {@code stepsPerCall} of streaming: rings of exactly {@code context} steps. */
    private static final int STREAMING = 1;

    private final MimiConfig config;
    private final MimiEncoder encoder;
    private final SplitQuantizer quantizer;
    /** Null for a codec that only encodes. */
    private final MimiDecoder decoder;

    private final Device device;

    Mimi(MimiConfig config, MimiEncoder encoder, SplitQuantizer quantizer, MimiDecoder decoder, Device device) {
        this.config = config;
        this.encoder = encoder;
        this.quantizer = quantizer;
        this.decoder = decoder;
        this.device = device;
    }

    MimiEncoder encoder() {
        return encoder;
    }

    SplitQuantizer quantizer() {
        return quantizer;
    }

    MimiDecoder decoder() {
        return decoder;
    }

    @Override
    public int frameSize() {
        return AudioSource.FRAME_SAMPLES;
    }

    @Override
    public int codebooks() {
        return quantizer.codebooks();
    }

    @Override
    public State newState(int slots) {
        return new MimiState(
                encoder.newState(slots, STREAMING, device),
                decoder == null ? null : decoder.newState(slots, STREAMING, device));
    }

    @Override
    public Pass planEncoding(State state, Rows rows) {
        HalfState half = ((MimiState) state).encoder();
        AttentionPlan plan = encoder.plan(half, rows, config.stepsPerFrame());
        return pcm -> {
            requireShape("Samples of a frame", pcm, rows.count(), frameSize());
            Tensor codes = HalfProgram.run(encoding(half), pcm.unsqueeze(-1), half, rows, plan); // -> [B, K]
            return codes == null
                    ? quantizer
                            .encode(encoder.forward(pcm, half, rows, plan).latent())
                            .select(1, 0) // [B, frame size] -> [B, 1, D] -> [B, 1, K] -> [B, K]
                    : codes.copy();
        };
    }

    @Override
    public Pass planDecoding(State state, Rows rows) {
        requireDecoder();
        HalfState half = ((MimiState) state).decoder();
        AttentionPlan plan = decoder.plan(half, rows, config.stepsPerFrame());
        return codes -> {
            int given = Math.toIntExact(Math.min(codes.size(-1), quantizer.codebooks()));
            requireShape("Codes of a frame", codes, rows.count(), given);
            Tensor pcm = given == quantizer.codebooks()
                    ? HalfProgram.run(decoding(half), codes.transpose(0, 1), half, rows, plan) // -> [B, frame size, 1]
                    : null;
            if (pcm != null) {
                return pcm.select(2, 0).copy();
            }
            Tensor known =
                    rows.choose(codes, Tensor.zeros(DType.I64, device, codes.shape())); // inactive rows are undefined
            Tensor latent = quantizer.decode(known.unsqueeze(1)); // [B, K] -> [B, 1, K] -> [B, 1, D]
            return decoder.forward(latent, half, rows, plan).pcm(); // -> [B, frame size]
        };
    }

    private HalfProgram.Layers encoding(HalfState state) {
        return new HalfProgram.Layers() {
            @Override
            public boolean isRecorded(long rows) {
                return encoder.isRecorded(rows) && quantizer.isEncodingRecorded(rows);
            }

            @Override
            public Tensor record(KernelProgram program, Tensor input, RecordedPlan plan) {
                return quantizer.recordEncoding(program, encoder.record(program, input, state, plan));
            }
        };
    }

    private HalfProgram.Layers decoding(HalfState state) {
        return new HalfProgram.Layers() {
            @Override
            public boolean isRecorded(long rows) {
                return decoder.isRecorded(rows) && quantizer.isDecodingRecorded(rows);
            }

            @Override
            public Tensor record(KernelProgram program, Tensor input, RecordedPlan plan) {
                return decoder.record(program, quantizer.recordDecoding(program, input), state, plan);
            }
        };
    }

    /**
     * Encodes whole pieces of audio of one length, each from a fresh start, without the loss of streaming. Audio is padded at the
     * end with zeros to whole frames. Memory beyond argument and result does not grow with the length: some 100 MiB a row at the
     * released sizes.
     *
     * @param pcm F32 [B, samples], in [-1, 1]
     * @return I64 [B, frames, codebooks], in the scope of the caller
     */
    public Tensor encodeOffline(Tensor pcm) {
        requireShape("Samples", pcm, pcm.size(0), pcm.size(-1));
        int count = (int) pcm.size(0);
        long samples = pcm.size(1);
        long frames = (samples + frameSize() - 1) / frameSize();
        Tensor codes = Tensor.empty(DType.I64, device, count, frames, quantizer.codebooks());
        try (HalfState state = encoder.newState(count, OFFLINE_FRAMES * config.stepsPerFrame(), device)) {
            for (long at = 0; at < frames; at += OFFLINE_FRAMES) {
                try (Scope scope = Scope.open()) {
                    long length = Math.min(OFFLINE_FRAMES, frames - at);
                    Tensor padded = padded(pcm, at * frameSize(), length * frameSize());
                    Rows rows = Rows.all(device, count);
                    AttentionPlan plan = encoder.plan(state, rows, steps(length));
                    Tensor latent = encoder.forward(padded, state, rows, plan).latent();
                    codes.narrow(1, at, length).copyFrom(quantizer.encode(latent));
                }
            }
        }
        return codes;
    }

    private Tensor padded(Tensor pcm, long start, long length) {
        long there = Math.min(length, pcm.size(1) - start);
        Tensor part = pcm.narrow(1, start, there);
        return there == length ? part : Ops.cat(1, part, Tensor.zeros(DType.F32, device, pcm.size(0), length - there));
    }

    /**
     * Decodes whole pieces of one length, each from a fresh start, without the loss of streaming. Reads the codes on the host to
     * check them. Memory beyond argument and result does not grow with the length.
     *
     * @param codes I64 [B, frames, codebooks]
     * @return F32 [B, frames * frame size], in the scope of the caller
     * @throws IllegalArgumentException if a code is not the index of a vector
     * @throws IllegalStateException if the codec was loaded without its decoder
     */
    public Tensor decodeOffline(Tensor codes) {
        requireDecoder();
        requireShape("Codes", codes, codes.size(0), codes.size(1), quantizer.codebooks());
        requireCodes(codes);
        int count = (int) codes.size(0);
        long frames = codes.size(1);
        Tensor pcm = Tensor.empty(DType.F32, device, count, frames * frameSize());
        try (HalfState state = decoder.newState(count, OFFLINE_FRAMES * config.stepsPerFrame(), device)) {
            for (long at = 0; at < frames; at += OFFLINE_FRAMES) {
                try (Scope scope = Scope.open()) {
                    long length = Math.min(OFFLINE_FRAMES, frames - at);
                    Tensor latents = quantizer.decode(codes.narrow(1, at, length));
                    Rows rows = Rows.all(device, count);
                    AttentionPlan plan = decoder.plan(state, rows, steps(length));
                    Tensor samples = decoder.forward(latents, state, rows, plan).pcm();
                    pcm.narrow(1, at * frameSize(), length * frameSize()).copyFrom(samples);
                }
            }
        }
        return pcm;
    }

    private int steps(long frames) {
        return Math.toIntExact(frames * config.stepsPerFrame());
    }

    private void requireDecoder() {
        if (decoder == null) {
            throw new IllegalStateException(
                    "Codes cannot be decoded: this codec was loaded without its decoder. Load it with the form of a decoder");
        }
    }

    private void requireCodes(Tensor codes) {
        long bins = config.quantizer().bins();
        for (long code : codes.toLongs()) {
            if (code < 0 || code >= bins) {
                throw new IllegalArgumentException("Codes cannot be decoded: found " + code + ", expected 0 to "
                        + (bins - 1) + ". Decode what this codec encoded, without a language model's special codes");
            }
        }
    }

    private static void requireShape(String what, Tensor found, long... expected) {
        if (!Arrays.equals(found.shape(), expected)) {
            throw new IllegalArgumentException(what + " have shape " + Arrays.toString(found.shape()) + ", expected "
                    + Arrays.toString(expected) + ": one row for each row of the call");
        }
    }
}
