package io.github.moshivis.train.nano;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.text.TextEncoder;
import io.github.moshivis.text.TextStream;
import io.github.moshivis.train.data.CodeNoise;
import io.github.moshivis.train.data.TextTrack;
import io.github.moshivis.train.data.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Puts dialogues together from spoken questions and answers: silence or noise, a question, its answer {@link Exchange#PAUSE} frames later,
 * a pause, the next question. Used by one thread.
 */
final class DialogueMaker {
    private static final int FRAME = AudioSource.FRAME_SAMPLES;
    private static final double BLIND = 0.08;
    private static final float WORD = 1;
    private static final float SEEN_WORD = 2;
    private static final float PADDING_IN_SPEECH = 0.25f;
    private static final float PADDING = 0.12f;
    private static final double SPEECH_LEARNED = 0.5;
    private static final double SILENCE_LEARNED = 0.06;
    private static final CodeNoise NOISE = new CodeNoise(0.06, 0.04);

    /** Frames in which the user's last word is asked for. */
    private static final int WORD_KNOWN = 3;

    private final TalkPlan plan;
    private final SpeechLibrary library;
    private final CodedSpeech speech;
    private final LmConfig config;
    private final TextEncoder encoder;
    private final int frames;
    private final byte[] silence;
    private final byte[][] noise;
    private final TreeMap<String, Integer> userWords = new TreeMap<>();

    DialogueMaker(
            TalkPlan plan,
            SpeechLibrary library,
            CodedSpeech speech,
            LmConfig config,
            TextEncoder encoder,
            int frames) {
        this.plan = plan;
        this.library = library;
        this.speech = speech;
        this.config = config;
        this.encoder = encoder;
        this.frames = frames;
        this.silence = speech.silence();
        this.noise = speech.noise();
        for (String question : plan.questions().keySet()) {
            for (String word : question.split(" ")) {
                userWords.putIfAbsent(bare(word), userWords.size());
            }
        }
    }

    private static String bare(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("\\W", "");
    }

    /** The number of words that users say. */
    int userWords() {
        return userWords.size();
    }

    /** A dialogue at random. */
    DialogueRow make(Random random) {
        TalkPlan.Topic topic = random.nextDouble() < BLIND
                ? plan.blind()
                : plan.scenes().get(random.nextInt(plan.scenes().size()));
        Making making = new Making(topic.scene(), random);
        making.fill(topic.exchanges());
        return making.row();
    }

    /** One dialogue in the making. */
    private final class Making {
        private final Optional<Scene> scene;
        private final Random random;
        private final long[][] codes = new long[config.streams()][frames];
        private final long[] words = new long[frames];
        private final long[] next = new long[frames];
        private final boolean[] speaking = new boolean[frames];
        private final boolean[] seen = new boolean[frames];
        private final List<Word> said = new ArrayList<>();
        private final List<int[]> turns = new ArrayList<>();

        Making(Optional<Scene> scene, Random random) {
            this.scene = scene;
            this.random = random;
            Arrays.fill(words, -1);
            Arrays.fill(next, -1);
            boolean noisy = random.nextInt(3) == 0;
            int start = random.nextInt(noise[0].length);
            for (int frame = 0; frame < frames; frame++) {
                for (int k = 0; k < silence.length; k++) {
                    codes[1 + k][frame] = silence[k] & 0xFF;
                    byte background = noisy ? noise[k][(start + frame) % noise[k].length] : silence[k];
                    put(codes[1 + silence.length + k], frame - 1, background);
                }
            }
        }

        /** The user's codes stand a frame early: a conversation reads them at once. */
        private void put(long[] stream, int frame, byte code) {
            if (frame >= 0 && frame < frames) {
                stream[frame] = code & 0xFF;
            }
        }

        void fill(List<Exchange> exchanges) {
            int at = random.nextInt(8);
            while (at >= 0) {
                at = add(exchanges.get(random.nextInt(exchanges.size())), at);
            }
        }

        /** Adds an exchange from a frame on and returns where the next one may begin; -1 if it has no place. */
        private int add(Exchange exchange, int at) {
            List<SpeechLibrary.Utterance> voices = plan.questions().get(exchange.question());
            SpeechLibrary.Clip question = library.clip(voices.get(random.nextInt(voices.size())));
            SpeechLibrary.Clip answer = library.clip(new SpeechLibrary.Utterance(exchange.answer(), Voices.MODEL));
            CodedSpeech.Coded asked = speech.user(question);
            int end = at + (asked.start() + question.samples()) / FRAME;
            int begin = end + Exchange.PAUSE;
            int stop = begin + (answer.samples() + FRAME - 1) / FRAME;
            if (stop > frames) {
                return -1;
            }
            for (int k = 0; k < silence.length; k++) {
                copy(asked.codes()[k], codes[1 + silence.length + k], at - 1);
                copy(speech.model(answer).codes()[k], codes[1 + k], begin - CodedSpeech.LEAD);
            }
            Arrays.fill(speaking, begin - 1, stop, true);
            addWords(answer, exchange, begin);
            labelUserWords(question, at, asked.start());
            turns.add(new int[] {end + 1, stop});
            return stop + random.nextInt(10);
        }

        private void copy(byte[] from, long[] to, int first) {
            for (int i = 0; i < from.length; i++) {
                put(to, first + i, from[i]);
            }
        }

        private void addWords(SpeechLibrary.Clip answer, Exchange exchange, int begin) {
            String[] texts = exchange.answer().split(" ");
            int[] starts = Espeak.textFrames(texts, answer.starts());
            for (int i = 0; i < texts.length; i++) {
                int from = begin + starts[i];
                int to = i + 1 < texts.length ? begin + starts[i + 1] : from + 1;
                said.add(new Word(texts[i], middle(from), middle(to), Word.MAIN));
                if (exchange.kind().isAboutPicture() && scene.isPresent() && Exchange.isSeen(texts[i])) {
                    Arrays.fill(seen, from, Math.min(frames, to), true);
                }
            }
        }

        /** A time that rounding leaves within a frame: its middle, in seconds. */
        private static double middle(int frame) {
            return (frame + 0.5) * FRAME / AudioSource.SAMPLE_RATE;
        }

        private void labelUserWords(SpeechLibrary.Clip question, int at, int start) {
            String[] texts = question.utterance().words();
            for (int i = 0; i < texts.length; i++) {
                int ended = at + (start + question.end(i)) / FRAME;
                for (int frame = ended; frame < Math.min(frames, ended + WORD_KNOWN); frame++) {
                    words[frame] = userWords.get(bare(texts[i]));
                }
            }
        }

        DialogueRow row() {
            codes[0] = TextTrack.of(said, frames, encoder, config.paddingToken());
            float[] weights = new float[frames];
            boolean[] learned = new boolean[frames];
            for (int frame = 0; frame < frames; frame++) {
                boolean silent = isSilent(codes[0][frame]);
                weights[frame] =
                        silent ? speaking[frame] ? PADDING_IN_SPEECH : PADDING : seen[frame] ? SEEN_WORD : WORD;
                learned[frame] =
                        frame > 0 && random.nextDouble() < (speaking[frame] ? SPEECH_LEARNED : SILENCE_LEARNED);
            }
            for (int[] turn : turns) {
                long coming = -1;
                for (int frame = turn[1] - 1; frame >= turn[0]; frame--) {
                    coming = isSilent(codes[0][frame]) ? coming : codes[0][frame];
                    next[frame] = coming;
                }
            }
            return new DialogueRow(
                    codes, NOISE.heard(codes, config, random), scene, weights, learned, words, next, seen);
        }

        private boolean isSilent(long token) {
            return token == config.paddingToken() || token == TextStream.END_OF_PADDING;
        }
    }
}
