package io.github.moshivis.train.nano;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.Classifier;
import io.github.moshivis.train.model.MimiSequence;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.optim.Schedule;
import io.github.moshivis.weights.names.TensorNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Training of the codec on crops of speech, half of them in the model's voice: spectra, the wave, the distance to the codes, and the
 * phonemes, which the first codebook alone has to tell. Belongs to a scope for training.
 */
final class CodecStage implements StageLoop.Model, AutoCloseable {
    private static final int CROP_FRAMES = 20;
    private static final int CROP = CROP_FRAMES * AudioSource.FRAME_SAMPLES;
    private static final float MODEL_WEIGHT = 1;
    private static final float USER_WEIGHT = 0.5f;
    private static final double WAVE = 0.5;
    private static final double COMMITMENT = 0.25;
    private static final double PHONEMES = 0.6;
    private static final int NO_PHONEME = 0;

    private final Parameters codec;
    private final Parameters heads;
    private final MimiSequence mimi;
    private final Classifier phonemes;
    private final CodecLoss spectra = new CodecLoss();
    private final List<SpeechLibrary.Clip> model = new ArrayList<>();
    private final List<SpeechLibrary.Clip> users = new ArrayList<>();
    private final Map<Integer, Integer> classes = new TreeMap<>();
    private final int rows;
    private final long seed;

    CodecStage(MimiConfig config, List<SpeechLibrary.Clip> clips, int rows, long seed) {
        this.rows = rows;
        this.seed = seed;
        for (SpeechLibrary.Clip clip : clips) {
            (clip.utterance().voice().equals(Voices.MODEL) ? model : users).add(clip);
            for (String word : clip.utterance().words()) {
                spoken(clip, word).codePoints().forEach(sound -> classes.putIfAbsent(sound, 0));
            }
        }
        int next = NO_PHONEME + 1;
        for (Map.Entry<Integer, Integer> each : classes.entrySet()) {
            each.setValue(next++);
        }
        FirstValues values = new FirstValues(seed);
        this.codec = Parameters.fresh(TensorNames.SAME, values);
        this.mimi = new MimiSequence(codec, config, config.quantizer().codebooks());
        codec.train(MimiSequence::isTrained);
        this.heads = Parameters.fresh(TensorNames.SAME, values);
        this.phonemes = new Classifier(heads, "phonemes", next, config.seanet().dimension());
        heads.train(name -> true);
    }

    static StageLoop.Settings settings(int steps, int save) {
        Schedule schedule = new Schedule.HoldThenFall(8e-4, steps, Math.min(200, steps / 4), 0.2, 0.02, 0.9);
        return new StageLoop.Settings("codec", steps, save, schedule, 0.98, 1e-4, 3, 0);
    }

    private static String spoken(SpeechLibrary.Clip clip, String word) {
        return Espeak.phonemes(word, clip.utterance().voice());
    }

    /** The codec's tensors, by the names of its file. */
    Parameters codec() {
        return codec;
    }

    MimiSequence mimi() {
        return mimi;
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>(codec.all());
        state.putAll(heads.all());
        return state;
    }

    @Override
    public Map<String, Tensor> trained() {
        Map<String, Tensor> trained = new LinkedHashMap<>(codec.trained());
        trained.putAll(heads.trained());
        return trained;
    }

    @Override
    public void clearGradients() {
        codec.clearGradients();
        heads.clearGradients();
    }

    /** Crops, one after the other, with the phoneme of each frame. */
    private static final class Crops {
        private final float[] samples;
        private final long[] labels;
        private final float[] weights;

        Crops(int rows) {
            samples = new float[rows * CROP];
            labels = new long[rows * CROP_FRAMES];
            weights = new float[rows];
        }
    }

    private Crops crops(Random random) {
        Crops crops = new Crops(rows);
        for (int row = 0; row < rows; row++) {
            List<SpeechLibrary.Clip> voices = row % 2 == 0 ? model : users;
            crops.weights[row] = row % 2 == 0 ? MODEL_WEIGHT : USER_WEIGHT;
            add(voices.get(random.nextInt(voices.size())), crops, row, random);
        }
        return crops;
    }

    /** The crop may begin before the clip, and end after it. */
    private void add(SpeechLibrary.Clip clip, Crops crops, int row, Random random) {
        float[] speech = clip.read();
        int margin = CROP / 4;
        int start = random.nextInt(Math.max(1, speech.length - CROP + 2 * margin)) - margin;
        float gain = 0.6f + 0.6f * random.nextFloat();
        for (int i = Math.max(0, -start); i < CROP && start + i < speech.length; i++) {
            crops.samples[row * CROP + i] = gain * speech[start + i];
        }
        String[] words = clip.utterance().words();
        for (int frame = 0; frame < CROP_FRAMES; frame++) {
            int at = start + frame * AudioSource.FRAME_SAMPLES + AudioSource.FRAME_SAMPLES / 2;
            for (int word = 0; word < words.length; word++) {
                int from = clip.starts()[word];
                int to = clip.end(word);
                if (at >= from && at < to) {
                    int[] sounds = spoken(clip, words[word]).codePoints().toArray();
                    crops.labels[row * CROP_FRAMES + frame] = sounds.length == 0
                            ? NO_PHONEME
                            : classes.get(sounds[(int) ((long) (at - from) * sounds.length / (to - from))]);
                }
            }
        }
    }

    @Override
    public Map<String, Double> step(int step) {
        Random random = new Random(seed * 31 + step);
        Crops crops = crops(random);
        try (Scope scope = Scope.open()) {
            Tensor sound = Tensor.of(crops.samples, Device.CPU, rows, 1, CROP);
            MimiSequence.Quantized quantized = mimi.followCodebooks(mimi.encode(sound), random);
            Tensor decoded = mimi.decode(quantized.quantized());
            Tensor weights = Tensor.of(crops.weights, Device.CPU, rows);
            Tensor distance = spectra.of(decoded.view(rows, CROP), sound.view(rows, CROP), weights);
            Tensor wave = SequenceOps.mean(Ops.abs(decoded.sub(sound)));
            Tensor logits = phonemes.forward(
                            quantized.semantic().transpose(1, 2)) // [B, D, frames] -> [B, frames, classes]
                    .reshape((long) rows * CROP_FRAMES, -1);
            Tensor told = SequenceOps.mean(
                    SequenceOps.crossEntropy(logits, Tensor.of(crops.labels, Device.CPU, crops.labels.length)));
            Tensor loss = distance.add(wave.mul(WAVE))
                    .add(quantized.commitment().mul(COMMITMENT))
                    .add(told.mul(PHONEMES));
            Autograd.backward(loss);
            Map<String, Double> losses = new LinkedHashMap<>();
            losses.put("loss", (double) loss.toFloats()[0]);
            losses.put("spectra", (double) distance.toFloats()[0]);
            losses.put("phonemes", (double) told.toFloats()[0]);
            return losses;
        }
    }

    @Override
    public void close() {
        codec.close();
        heads.close();
    }
}
