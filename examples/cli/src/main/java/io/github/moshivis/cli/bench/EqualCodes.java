package io.github.moshivis.cli.bench;

import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.SourceReader;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.load.CodecWeights;
import io.github.moshivis.loading.OptionForms;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.names.TensorNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Compares the codes of recordings between codec weights of fewer bits and the stored weights. */
public final class EqualCodes {
    private EqualCodes() {}

    /**
     * The comparison of one form.
     *
     * @param form of the weights
     * @param frames of all recordings, the last of each filled up with silence
     * @param equalFrames frames in which every code is equal
     * @param firstCodes frames in which the code of the first codebook is equal
     * @param codes of all frames
     * @param equalCodes codes that are equal
     */
    public record Share(
            CodecWeights form, long frames, long equalFrames, long firstCodes, long codes, long equalCodes) {}

    /**
     * Measures.
     *
     * @param model a model's directory, or its language model file beside the codec
     * @param recordings sound files, each encoded from a fresh start as in a conversation
     * @param codebooks codes of a frame, at least 1
     * @param threads at least 1
     * @param forms forms to compare
     * @param done receives each result
     * @return the shares, in the order of the forms
     * @throws IOException if a recording cannot be read
     * @throws io.github.moshivis.errors.CheckpointException if the codec cannot be loaded
     */
    public static List<Share> measure(
            Path model,
            List<Path> recordings,
            int codebooks,
            int threads,
            List<CodecWeights> forms,
            Consumer<Share> done)
            throws IOException {
        ModelDirectory directory = ModelDirectory.read(model);
        int most = directory.config().mimi().quantizer().codebooks();
        if (codebooks < 1 || codebooks > most || threads < 1) {
            throw new IllegalArgumentException(
                    "Codes are compared of 1 to " + most + " codebooks, by 1 or more threads:" + " found " + codebooks
                            + " and " + threads + ". Correct them");
        }
        List<List<float[]>> speech = new ArrayList<>();
        for (Path recording : recordings) {
            speech.add(frames(recording));
        }
        List<long[]> exact = encode(directory, CodecWeights.EXACT, speech, codebooks, threads);
        List<Share> shares = new ArrayList<>();
        for (CodecWeights form : forms) {
            Share share = compare(form, exact, encode(directory, form, speech, codebooks, threads));
            shares.add(share);
            done.accept(share);
        }
        return shares;
    }

    private static List<float[]> frames(Path recording) throws IOException {
        List<float[]> frames = new ArrayList<>();
        try (AudioSource source = SoundFile.source(recording)) {
            source.open();
            SourceReader reader = new SourceReader(source);
            float[] frame = new float[AudioSource.FRAME_SAMPLES];
            int filled = 0;
            for (int read = 0; read >= 0; read = reader.read(frame, filled, frame.length - filled)) {
                filled += read;
                if (filled == frame.length) {
                    frames.add(frame);
                    frame = new float[AudioSource.FRAME_SAMPLES];
                    filled = 0;
                }
            }
            if (filled > 0) {
                frames.add(frame);
            }
        }
        return frames;
    }

    /** Returns the codes of all frames. */
    private static List<long[]> encode(
            ModelDirectory directory, CodecWeights form, List<List<float[]>> speech, int codebooks, int threads) {
        MimiConfig config = directory.config().mimi();
        List<long[]> codes = new ArrayList<>();
        try (KernelThreads kernelThreads = KernelThreads.start(threads);
                Weights weights =
                        new Weights(SafetensorsFile.open(directory.files().mimi()), TensorNames.SAME, Device.CPU)) {
            SpeechCodec codec = Providers.speechCodec()
                    .load(weights.as(DType.F32), OptionForms.codec(form).encoderOnly(), config, codebooks);
            weights.verify(name -> true);
            for (List<float[]> recording : speech) {
                encode(codec, recording, codes);
            }
        }
        return codes;
    }

    private static void encode(SpeechCodec codec, List<float[]> recording, List<long[]> codes) {
        try (SpeechCodec.State state = codec.newState(1)) {
            for (float[] frame : recording) {
                try (Scope scope = Scope.open()) {
                    Tensor pcm = Tensor.of(frame, Device.CPU, 1, frame.length);
                    codes.add(codec.encode(pcm, state, Rows.all(Device.CPU, 1)).toLongs());
                }
            }
        }
    }

    private static Share compare(CodecWeights form, List<long[]> exact, List<long[]> found) {
        long equalFrames = 0;
        long firstCodes = 0;
        long codes = 0;
        long equalCodes = 0;
        for (int i = 0; i < exact.size(); i++) {
            long[] expected = exact.get(i);
            equalFrames += Arrays.equals(expected, found.get(i)) ? 1 : 0;
            firstCodes += expected[0] == found.get(i)[0] ? 1 : 0;
            for (int k = 0; k < expected.length; k++) {
                equalCodes += expected[k] == found.get(i)[k] ? 1 : 0;
            }
            codes += expected.length;
        }
        return new Share(form, exact.size(), equalFrames, firstCodes, codes, equalCodes);
    }
}
