package io.github.moshivis.train.nano;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.MimiSequence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Utterances as codes, with silence before and after, so that they can be put together to dialogues: the codec hears no more than two
 * seconds of the past, and silence is always the same. Kept as files, a byte a code. Used by one thread, in a scope for training.
 */
final class CodedSpeech {
    /** Frames of silence before an utterance. */
    static final int LEAD = 4;

    private static final int FRAME = AudioSource.FRAME_SAMPLES;
    private static final int TAIL = 10;
    private static final int SETTLED = 30;
    private static final int LOOP = 100;

    private final MimiSequence mimi;
    private final Path directory;
    private final long seed;
    private final Map<Integer, Coded> known = new HashMap<>();

    /**
     * Codes of an utterance.
     *
     * @param codes [K][frames], from {@link #LEAD} frames before it
     * @param start sample at which it begins, counted from the first frame
     */
    record Coded(byte[][] codes, int start) {}

    CodedSpeech(MimiSequence mimi, Path directory, long seed) throws IOException {
        this.mimi = mimi;
        this.directory = directory;
        this.seed = seed;
        Files.createDirectories(directory);
    }

    /** The model's voice begins at the beginning of a frame. */
    Coded model(SpeechLibrary.Clip clip) {
        return known.computeIfAbsent(clip.number(), number -> coded(clip, 0, 0));
    }

    /** A user's voice begins anywhere in a frame, sometimes with noise. */
    Coded user(SpeechLibrary.Clip clip) {
        Random random = new Random(seed * 41 + clip.number());
        int offset = random.nextInt(FRAME);
        float noise = random.nextInt(3) == 0 ? 0.006f * random.nextFloat() : 0;
        return known.computeIfAbsent(clip.number(), number -> coded(clip, offset, noise));
    }

    private Coded coded(SpeechLibrary.Clip clip, int offset, float noise) {
        int start = LEAD * FRAME + offset;
        Path file = directory.resolve(String.format("%05d.codes", clip.number()));
        int frames = (start + clip.samples() + FRAME - 1) / FRAME + TAIL;
        try {
            if (!Files.exists(file)) {
                float[] samples = noise(frames, noise, new Random(clip.number()));
                float[] speech = clip.read();
                for (int i = 0; i < speech.length; i++) {
                    samples[start + i] += speech[i];
                }
                Path partial = Files.write(file.resolveSibling(file.getFileName() + ".tmp"), flat(encode(samples)));
                Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            }
            byte[] flat = Files.readAllBytes(file);
            byte[][] codes = new byte[flat.length / frames][frames];
            for (int k = 0; k < codes.length; k++) {
                System.arraycopy(flat, k * frames, codes[k], 0, frames);
            }
            return new Coded(codes, start);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read or write codes in " + directory, e);
        }
    }

    private static byte[] flat(byte[][] codes) {
        byte[] flat = new byte[codes.length * codes[0].length];
        for (int k = 0; k < codes.length; k++) {
            System.arraycopy(codes[k], 0, flat, k * codes[0].length, codes[0].length);
        }
        return flat;
    }

    private static float[] noise(int frames, float level, Random random) {
        float[] samples = new float[frames * FRAME];
        for (int i = 0; level > 0 && i < samples.length; i++) {
            samples[i] = level * (2 * random.nextFloat() - 1);
        }
        return samples;
    }

    private byte[][] encode(float[] samples) {
        int frames = samples.length / FRAME;
        long[] found = Autograd.withoutGradient(() -> {
            try (Scope scope = Scope.open()) {
                Tensor latent = mimi.encode(Tensor.of(samples, Device.CPU, 1, 1, samples.length));
                return mimi.quantize(latent).codes().toLongs(); // [1, K, frames]
            }
        });
        byte[][] codes = new byte[found.length / frames][frames];
        for (int i = 0; i < found.length; i++) {
            codes[i / frames][i % frames] = (byte) found[i];
        }
        return codes;
    }

    /** The codes of silence, [K]. */
    byte[] silence() {
        byte[][] codes = encode(noise(SETTLED + 1, 0, new Random(0)));
        byte[] silence = new byte[codes.length];
        for (int k = 0; k < codes.length; k++) {
            silence[k] = codes[k][SETTLED];
        }
        return silence;
    }

    /** A stretch of noise, [K][frames]. */
    byte[][] noise() {
        return encode(noise(LOOP, 0.004f, new Random(seed)));
    }
}
