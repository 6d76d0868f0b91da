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

    /** Lengths in frames of 80 ms at the usual rate, as the program speaks. */
    private static final double SOUND = 0.75;

    private static final double STRESSED = 0.7;
    private static final double LENGTHENED = 0.6;
    private static final double PAUSE = 4.2;

    private static final char STRESS = 0x2C8;
    private static final char LONG = 0x2D0;

    /** By accent and text, which recur. */
    private static final Map<String, String> IPA = new ConcurrentHashMap<>();

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
     * @param starts for each word, the sample at which it starts; by its share of phonemes and stress
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
        double[] lengths = lengths(words, text, voice);
        double all = Arrays.stream(lengths).sum();
        int[] starts = new int[words.length];
        double before = 0;
        for (int i = 0; i < words.length; i++) {
            starts[i] = (int) (before / all * samples.length);
            before += lengths[i];
        }
        return new Speech(samples, starts);
    }

    /**
     * The frames in which the text of words stands, counted from the first frame of their sound: a frame before its own sound, but not
     * before the first word, and in a frame of its own.
     */
    static int[] textFrames(String[] words, int... starts) {
        int[] frames = new int[words.length];
        int free = 0;
        for (int i = 0; i < words.length; i++) {
            frames[i] = Math.max(free, starts[i] / AudioSource.FRAME_SAMPLES - 1);
            boolean marked = !Character.isLetter(words[i].charAt(words[i].length() - 1));
            free = frames[i] + (marked ? 2 : 1); // a mark is a piece of its own
        }
        return frames;
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

    /** The lengths of words in a sentence, relative to each other: unstressed words are short. */
    private static double[] lengths(String[] words, String text, Voice voice) {
        String[] spoken = ipa(text, voice).strip().split("\\s+");
        double[] lengths = new double[words.length];
        for (int i = 0; i < words.length; i++) {
            // The program joins or splits some words: then each by itself.
            String phonemes = spoken.length == words.length ? spoken[i] : ipa(words[i], voice);
            char last = words[i].charAt(words[i].length() - 1);
            lengths[i] = Math.max(SOUND, length(phonemes)) + (PAUSE_AFTER.indexOf(last) < 0 ? 0 : PAUSE);
        }
        return lengths;
    }

    private static double length(String phonemes) {
        return phonemes.chars()
                .mapToDouble(sound -> switch (sound) {
                    case STRESS -> STRESSED;
                    case LONG -> LENGTHENED;
                    default -> Character.isLetter(sound) ? SOUND : 0;
                })
                .sum();
    }

    /** The phonemes of a word, a letter of IPA each. */
    static String phonemes(String word, Voice voice) {
        String accent = voice.name.replaceFirst("\\+.*", "");
        return PHONEMES.computeIfAbsent(
                accent + " " + word,
                key -> ipa(word, voice).replaceAll("[^\\p{L}]", "").replace("\u02D0", ""));
    }

    private static String ipa(String text, Voice voice) {
        String accent = voice.name.replaceFirst("\\+.*", "");
        return IPA.computeIfAbsent(
                accent + " " + text, key -> new String(run("-q", "--ipa", "-v", accent, text), StandardCharsets.UTF_8));
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
