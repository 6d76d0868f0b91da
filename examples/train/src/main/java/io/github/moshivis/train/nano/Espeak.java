package io.github.moshivis.train.nano;

import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Speech by the program {@code espeak-ng}, which must be installed. Thread-safe. */
final class Espeak {
    private static final float SILENCE = 0.002f;
    private static final int BLOCK = 1 << 14;
    private static final String PAUSE_AFTER = ",!";

    /** A pause at a comma, in phonemes. */
    private static final double PAUSE = 2.5;

    /** By accent and word, which recur. */
    private static final Map<String, String> PHONEMES = new ConcurrentHashMap<>();

    private Espeak() {}

    /**
     * A way of speaking.
     *
     * @param name of espeak's voice, with a variant
     * @param rate words a minute
     * @param pitch 0 to 99
     */
    record Voice(String name, int rate, int pitch) {}

    /**
     * A spoken text.
     *
     * @param samples 24 kHz, without silence around
     * @param starts for each word, the sample at which it starts; by its share of the phonemes
     */
    record Speech(float[] samples, int[] starts) {}

    /**
     * Speaks.
     *
     * @throws IllegalStateException if the program is not there or fails
     */
    static Speech speak(String text, Voice voice) {
        String[] words = text.split(" ");
        float[] samples = trimmed(samples(text, voice));
        double[] lengths =
                Arrays.stream(words).mapToDouble(word -> length(word, voice)).toArray();
        double all = Arrays.stream(lengths).sum();
        int[] starts = new int[words.length];
        double before = 0;
        for (int i = 0; i < words.length; i++) {
            starts[i] = (int) (before / all * samples.length);
            before += lengths[i];
        }
        return new Speech(samples, starts);
    }

    private static float[] samples(String text, Voice voice) {
        byte[] wav = run("--stdout", "-v", voice.name, "-s", "" + voice.rate, "-p", "" + voice.pitch, text);
        try (AudioSource source = WavFile.source(new ByteArrayInputStream(wav), "espeak-ng")) {
            source.open();
            float[] samples = new float[BLOCK];
            int length = 0;
            for (int read = source.read(samples, 0, BLOCK);
                    read > 0;
                    read = source.read(samples, length, samples.length - length)) {
                length += read;
                if (length == samples.length) {
                    samples = Arrays.copyOf(samples, 2 * length);
                }
            }
            return Arrays.copyOf(samples, length);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read the sound of espeak-ng: found " + e + ", expected WAV", e);
        }
    }

    private static float[] trimmed(float[] samples) {
        int first = 0;
        while (first < samples.length && Math.abs(samples[first]) < SILENCE) {
            first++;
        }
        int last = samples.length;
        while (last > first && Math.abs(samples[last - 1]) < SILENCE) {
            last--;
        }
        return Arrays.copyOfRange(samples, first, last);
    }

    /** The length of a word, in phonemes; a pause after it counts too. */
    private static double length(String word, Voice voice) {
        return Math.max(1, phonemes(word, voice).length())
                + (PAUSE_AFTER.indexOf(word.charAt(word.length() - 1)) < 0 ? 0 : PAUSE);
    }

    /** The phonemes of a word, a letter of IPA each. */
    static String phonemes(String word, Voice voice) {
        String accent = voice.name.replaceFirst("\\+.*", "");
        return PHONEMES.computeIfAbsent(accent + " " + word, key -> {
            String ipa = new String(run("-q", "--ipa", "-v", accent, word), StandardCharsets.UTF_8);
            return ipa.codePoints()
                    .filter(Character::isLetter)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        });
    }

    private static byte[] run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("espeak-ng"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            byte[] output = process.getInputStream().readAllBytes();
            int code = process.waitFor();
            if (code != 0 || output.length == 0) {
                throw new IllegalStateException(
                        "espeak-ng failed with exit code " + code + " on " + command + "; try the command by hand");
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Cannot speak: found " + e + ", expected the program espeak-ng; install the package of that name",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while espeak-ng spoke", e);
        }
    }
}
