package io.github.moshivis.train.nano;

import io.github.moshivis.audio.Resampler;
import io.github.moshivis.io.AudioSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Speech by espeak-ng, which must be installed. Thread-safe; one text at a time is spoken. */
final class Espeak {
    private static final float FULL_SCALE = 32768;
    private static final int UNKNOWN = -1;
    private static final float SILENCE = 0.002f;

    /** Samples of silence that are left before and after the sound. */
    private static final int MARGIN = AudioSource.SAMPLE_RATE / 100;

    /** By accent and word, which recur. */
    private static final Map<String, String> PHONEMES = new HashMap<>();

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
     * @param samples 24 kHz, with 10 ms of silence around at most
     * @param starts for each word, the sample at which it starts, as the library reports it
     */
    record Speech(float[] samples, int[] starts) {}

    /**
     * Speaks. The same text in the same voice gives the same sound.
     *
     * @throws IllegalStateException if the library is not there or fails
     */
    static synchronized Speech speak(String text, Voice voice) {
        try (EspeakLibrary library = EspeakLibrary.open(voice)) {
            EspeakLibrary.Sound sound = library.speak(text);
            float[] samples = resampled(sound.samples(), library.sampleRate());
            int[] starts = starts(text, sound, (double) AudioSource.SAMPLE_RATE / library.sampleRate());
            return trimmed(samples, interpolated(starts, samples.length));
        }
    }

    private static Speech trimmed(float[] samples, int... starts) {
        int first = 0;
        while (first < samples.length && Math.abs(samples[first]) < SILENCE) {
            first++;
        }
        int last = samples.length;
        while (last > first && Math.abs(samples[last - 1]) < SILENCE) {
            last--;
        }
        int from = Math.max(0, first - MARGIN);
        int to = Math.min(samples.length, last + MARGIN);
        return new Speech(
                Arrays.copyOfRange(samples, from, to),
                Arrays.stream(starts).map(start -> Math.max(0, start - from)).toArray());
    }

    private static float[] resampled(short[] samples, int rate) {
        float[] input = new float[samples.length];
        for (int i = 0; i < input.length; i++) {
            input[i] = samples[i] / FULL_SCALE;
        }
        Resampler resampler = new Resampler(rate, AudioSource.SAMPLE_RATE);
        resampler.write(input, 0, input.length);
        resampler.end();
        float[] output = new float[(int) Math.round((double) input.length * AudioSource.SAMPLE_RATE / rate)];
        int read = resampler.read(output, 0, output.length);
        return Arrays.copyOf(output, read);
    }

    /** For each word the sample at which it starts, {@link #UNKNOWN} where the library does not say. */
    private static int[] starts(String text, EspeakLibrary.Sound sound, double scale) {
        Map<Integer, Integer> known = new HashMap<>();
        for (EspeakLibrary.Start start : sound.starts()) {
            known.putIfAbsent(start.position(), (int) (start.sample() * scale));
        }
        String[] words = text.split(" ");
        int[] starts = new int[words.length];
        int position = 0;
        for (int i = 0; i < words.length; i++) {
            starts[i] = known.getOrDefault(position, i == 0 ? 0 : UNKNOWN);
            position += words[i].length() + 1;
        }
        return starts;
    }

    /** Words that are spoken as one share the time between those around them. */
    private static int[] interpolated(int[] starts, int end) {
        for (int i = 1; i < starts.length; i++) {
            if (starts[i] == UNKNOWN) {
                int next = i + 1;
                while (next < starts.length && starts[next] == UNKNOWN) {
                    next++;
                }
                int until = next < starts.length ? starts[next] : end;
                starts[i] = starts[i - 1] + (until - starts[i - 1]) / (next - i + 1);
            }
        }
        return starts;
    }

    /**
     * The frames in which the text of words stands, counted from the first frame of the sound: the frame in which the word starts, each
     * in a frame of its own.
     */
    static int[] textFrames(String[] words, int... starts) {
        int[] frames = new int[words.length];
        int free = 0;
        for (int i = 0; i < words.length; i++) {
            frames[i] = Math.max(free, starts[i] / AudioSource.FRAME_SAMPLES);
            boolean marked = !Character.isLetter(words[i].charAt(words[i].length() - 1));
            free = frames[i] + (marked ? 2 : 1); // a mark is a piece of its own
        }
        return frames;
    }

    /** The phonemes of a word, a letter of IPA each. */
    static synchronized String phonemes(String word, Voice voice) {
        String accent = voice.name.replaceFirst("\\+.*", "");
        return PHONEMES.computeIfAbsent(accent + " " + word, key -> {
            try (EspeakLibrary library = EspeakLibrary.open(new Voice(accent, voice.rate, voice.pitch))) {
                return library.phonemes(word).replaceAll("[^\\p{L}]|\\p{Lm}", "");
            }
        });
    }
}
