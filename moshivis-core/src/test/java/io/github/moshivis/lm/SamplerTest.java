package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.InScope;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each control on distributions that can be computed by hand, their order, and that rows know nothing of each other. */
@ExtendWith(InScope.class)
class SamplerTest {
    private static final int ENTRIES = 6;
    private static final int PADDING = 3;
    private static final int DRAWS = 4000;

    /** Three standard deviations of a share of 4000 draws. */
    private static final double SHARE = 0.025;

    /** Logits whose softmax has these probabilities. */
    private static float[] logits(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]);
        }
        return logits;
    }

    private static final double[] SIX = {0.0625, 0.5, 0.125, 0.03125, 0.25, 0.03125};

    /** How often each token is drawn, as shares. */
    private static Map<Integer, Double> shares(Sampling sampling, double... probabilities) {
        Tensor row = Tensor.of(logits(probabilities), Device.CPU, 1, probabilities.length);
        return shares(controls(sampling), new int[0], 0, row);
    }

    /** How often each token is drawn after some tokens were said, with a gate. */
    private static Map<Integer, Double> shares(Controls controls, int[] said, double gate, Tensor logits) {
        Map<Integer, Double> shares = new TreeMap<>();
        Rows rows = Rows.all(Device.CPU, 1);
        NoiseSource[] noise = {new NoiseSource(7)};
        try (TextHistory history = new TextHistory(1, PADDING, logits.size(1), Device.CPU)) {
            for (int token : said) {
                history.write(rows, Tensor.of(new long[] {token}, Device.CPU, 1));
            }
            for (int draw = 0; draw < DRAWS; draw++) {
                try (Scope each = Scope.open()) {
                    Sampler sampler =
                            new Sampler(rows, new Sampling[] {controls.text()}, noise, 1, (int) logits.size(1));
                    Sampler.Shaping shaping = new TextShaping(
                                    rows, new Controls[] {controls}, history, unprompted(1), PADDING, 0)
                            .at(Tensor.full(gate, DType.F32, Device.CPU, 1));
                    shares.merge((int) sampler.choose(0, logits, shaping).toLongs()[0], 1.0 / DRAWS, Double::sum);
                }
            }
        }
        return shares;
    }

    private static void near(Map<Integer, Double> shares, Map<Integer, Double> expected) {
        assertThat(shares).containsOnlyKeys(expected.keySet());
        expected.forEach((token, share) ->
                assertThat(shares.get(token)).as("token " + token).isCloseTo(share, within(SHARE)));
    }

    @Test
    void topPKeepsTheFewestTokensThatReachTheMass() {
        // Ascending sums: 1/32, 2/32, 4/32, 8/32, 16/32, 1. Kept is what exceeds 1 - p.
        near(shares(new Sampling(1, 0, 0.75), SIX), Map.of(1, 2 / 3.0, 4, 1 / 3.0));
        near(shares(new Sampling(1, 0, 0.8), SIX), Map.of(1, 4 / 7.0, 4, 2 / 7.0, 2, 1 / 7.0));
        near(shares(new Sampling(1, 0, 0.5), SIX), Map.of(1, 1.0));
    }

    @Test
    void aTopPOfZeroLeavesTheMostLikelyTokenAndOneLeavesAll() {
        near(shares(new Sampling(1, 0, 0), SIX), Map.of(1, 1.0));
        assertThat(shares(new Sampling(1, 0, 1), SIX)).hasSize(6);
        assertThat(shares(new Sampling(1, 6, 1), SIX)).hasSize(6);
        assertThat(shares(new Sampling(1, Integer.MAX_VALUE, 1), SIX)).hasSize(6);
    }

    @Test
    void aTokenMustBeWithinBothLimits() {
        near(shares(new Sampling(1, 2, 0.9), SIX), Map.of(1, 2 / 3.0, 4, 1 / 3.0));
        near(shares(new Sampling(1, 5, 0.75), SIX), Map.of(1, 2 / 3.0, 4, 1 / 3.0));
        near(shares(new Sampling(1, 1, 1), SIX), Map.of(1, 1.0));
    }

    @Test
    void topPIsMeasuredAfterTheTemperature() {
        // Temperature 0.5 squares the odds: 16 : 4 : 1 : .. of 64/3, so the first token alone has 0.75 of the mass.
        near(shares(new Sampling(0.5, 0, 0.7), SIX), Map.of(1, 1.0));
    }

    private static Tensor evenLogits() {
        return Tensor.of(new float[] {1, 1, -1, 1, -1, 1}, Device.CPU, 1, ENTRIES);
    }

    private static Map<Integer, Double> softmax(double... logits) {
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        Map<Integer, Double> shares = new TreeMap<>();
        for (int i = 0; i < logits.length; i++) {
            shares.put(i, Math.exp(logits[i]) / sum);
        }
        return shares;
    }

    private static final Sampling FREE = new Sampling(1, 0, 1);

    private static Controls controls(Sampling text) {
        return modified(text, 1, 64, 0, 0);
    }

    private static Controls modified(Sampling text, double penalty, int context, double pad, double gate) {
        return new Controls(text, Sampling.GREEDY, penalty, context, pad, gate);
    }

    @Test
    void repetitionDividesPositiveLogitsAndMultipliesNegativeOnesOnce() {
        Controls controls = modified(FREE, 2, 64, 0, 0);
        near(shares(controls, new int[] {1, 4, 1, 1}, 0, evenLogits()), softmax(1, 0.5, -1, 1, -2, 1));
        near(shares(controls, new int[0], 0, evenLogits()), softmax(1, 1, -1, 1, -1, 1));
    }

    @Test
    void repetitionLooksBackOverWordsOnly() {
        Controls controls = modified(FREE, 2, 2, 0, 0);
        // 5 is too old; 0, 3 (padding) and 6 (initial) are not counted and not penalised.
        int[] said = {5, 1, 3, 0, 6, 3, 4, 3, 3, 3};
        near(shares(controls, said, 0, evenLogits()), softmax(1, 0.5, -1, 1, -2, 1));
        near(shares(modified(FREE, 2, 1, 0, 0), said, 0, evenLogits()), softmax(1, 1, -1, 1, -2, 1));
        near(shares(modified(FREE, 2, 0, 0, 0), said, 0, evenLogits()), softmax(1, 1, -1, 1, -1, 1));
        near(shares(modified(FREE, 2, 3, 0, 0), said, 0, evenLogits()), softmax(1, 0.5, -1, 1, -2, 0.5));
        // Repeated words count each time.
        near(shares(controls, new int[] {1, 5, 5}, 0, evenLogits()), softmax(1, 1, -1, 1, -1, 0.5));
    }

    @Test
    void historyForgetsWhatIsOlderThanItsLength() {
        int[] said = new int[TextHistory.LENGTH + 1];
        Arrays.fill(said, 5);
        said[0] = 1;
        Controls controls = modified(FREE, 2, TextHistory.LENGTH, 0, 0);
        near(shares(controls, said, 0, evenLogits()), softmax(1, 1, -1, 1, -1, 0.5));
    }

    @Test
    void aGreedyChoiceKnowsTheRepetitionPenaltyOnly() {
        Tensor logits = Tensor.of(new float[] {0, 2, 1.5f, 1.9f, 0, 0}, Device.CPU, 1, ENTRIES);
        Controls greedy = modified(Sampling.GREEDY, 2, 64, 30, 1);
        near(shares(greedy, new int[0], 1, logits), Map.of(1, 1.0));
        near(shares(greedy, new int[] {1}, 1, logits), Map.of(3, 1.0));
    }

    @Test
    void padMultiplierActsOnTheProbabilityAfterTheTemperature() {
        double[] probabilities = {0.25, 0.25, 0.125, 0.125, 0.125, 0.125};
        Tensor logits = Tensor.of(logits(probabilities), Device.CPU, 1, ENTRIES);
        Controls four = modified(FREE, 1, 64, Math.log(4), 0);
        double whole = 1 + 3 * 0.125;
        near(
                shares(four, new int[0], 0, logits),
                Map.of(
                        0,
                        0.25 / whole,
                        1,
                        0.25 / whole,
                        2,
                        0.125 / whole,
                        3,
                        0.5 / whole,
                        4,
                        0.125 / whole,
                        5,
                        0.125 / whole));
        // Temperature 0.5: 4, 4, 1, 1, 1, 1 of 12; the fourth is then multiplied by 4, not by 16.
        near(
                shares(modified(new Sampling(0.5, 3, 1), 1, 64, Math.log(4), 0), new int[0], 0, logits),
                Map.of(0, 1 / 3.0, 1, 1 / 3.0, 3, 1 / 3.0));
        near(
                shares(
                        modified(FREE, 1, 64, -30, 0),
                        new int[0],
                        0,
                        Tensor.of(logits(0.1, 0.1, 0.1, 0.7), Device.CPU, 1, 4)),
                Map.of(0, 1 / 3.0, 1, 1 / 3.0, 2, 1 / 3.0));
    }

    @Test
    void topPIsAShareOfTheMassThatThePadMultiplierLeaves() {
        // 0.5, 0.25, 0.125, and padding 0.125 * 8 = 1: 1.875 in all, of which padding has 0.53 and the first two 0.8.
        Tensor logits = Tensor.of(logits(0.5, 0.25, 0.125, 0.125), Device.CPU, 1, 4);
        double pad = Math.log(8);
        near(shares(modified(new Sampling(1, 0, 0.53), 1, 64, pad, 0), new int[0], 0, logits), Map.of(3, 1.0));
        near(
                shares(modified(new Sampling(1, 0, 0.55), 1, 64, pad, 0), new int[0], 0, logits),
                Map.of(3, 2 / 3.0, 0, 1 / 3.0));
    }

    @Test
    void aLookAtThePictureCoolsTheText() {
        Tensor logits = Tensor.of(logits(0.5, 0.25, 0.25), Device.CPU, 1, 3);
        Controls half = modified(FREE, 1, 64, 0, 0.5);
        near(shares(half, new int[0], 0, logits), Map.of(0, 0.5, 1, 0.25, 2, 0.25));
        // Half of the range: 1 - 0.5 * 0.5 = 0.75.
        near(shares(half, new int[0], 0.008, logits), odds(0.75));
        // Beyond the range 0.99 counts: 1 - 0.5 * 0.99 = 0.505.
        near(shares(half, new int[0], 0.5, logits), odds(0.505));
        near(shares(half, new int[0], -1, logits), odds(1));
        near(shares(modified(FREE, 1, 64, 0, 1), new int[0], 0.5, logits), Map.of(0, 1.0));
    }

    /** 0.5, 0.25, 0.25 at a temperature. */
    private static Map<Integer, Double> odds(double temperature) {
        double first = Math.pow(2, 1 / temperature);
        return Map.of(0, first / (first + 2), 1, 1 / (first + 2), 2, 1 / (first + 2));
    }

    @Test
    void aRowChoosesAsIfItWereAlone() {
        Random random = new Random(11);
        int entries = 40;
        for (int round = 0; round < 200; round++) {
            try (Scope each = Scope.open()) {
                Controls[] controls = new Controls[4];
                float[] logits = new float[4 * entries];
                for (int i = 0; i < logits.length; i++) {
                    logits[i] = random.nextInt(6) - 2; // many ties
                }
                boolean[] active = new boolean[4];
                for (int row = 0; row < 4; row++) {
                    controls[row] = anyControls(random);
                    active[row] = row == round % 4 || random.nextInt(3) > 0;
                }
                Tensor all = Tensor.of(logits, Device.CPU, 4, entries);
                long[] together = choose(Rows.of(Device.CPU, active), controls, all);
                for (int row = 0; row < 4; row++) {
                    if (active[row]) {
                        boolean[] only = new boolean[4];
                        only[row] = true;
                        assertThat(choose(Rows.of(Device.CPU, only), controls, all)[row])
                                .isEqualTo(together[row]);
                    }
                }
            }
        }
    }

    private static Controls anyControls(Random random) {
        double[] temperatures = {0, 0.3, 0.7, 1.5};
        int[] ks = {0, 1, 5, 40};
        double[] ps = {0, 0.4, 0.95, 1};
        Sampling sampling = new Sampling(temperatures[random.nextInt(4)], ks[random.nextInt(4)], ps[random.nextInt(4)]);
        double penalty = random.nextBoolean() ? 1 : 1.3;
        int context = random.nextInt(5);
        double pad = random.nextBoolean() ? 0 : 1.5;
        return modified(sampling, penalty, context, pad, random.nextBoolean() ? 0 : 0.8);
    }

    private static long[] choose(Rows rows, Controls[] controls, Tensor logits) {
        NoiseSource[] noise = new NoiseSource[4];
        Arrays.setAll(noise, NoiseSource::new);
        Sampling[] samplings = Arrays.stream(controls).map(Controls::text).toArray(Sampling[]::new);
        try (TextHistory history = new TextHistory(4, PADDING, logits.size(1), Device.CPU)) {
            for (int said = 4; said < 8; said++) {
                history.write(Rows.all(Device.CPU, 4), Tensor.of(new long[] {said, said + 1, 3, 9}, Device.CPU, 4));
            }
            Tensor gate = Tensor.of(new float[] {0, 0.004f, 0.01f, 0.1f}, Device.CPU, 4);
            return new Sampler(rows, samplings, noise, 1, (int) logits.size(1))
                    .choose(
                            0,
                            logits,
                            new TextShaping(rows, controls, history, unprompted(controls.length), PADDING, 0).at(gate))
                    .toLongs();
        }
    }

    /** Also where tokens are equally likely, in float32 and bfloat16, with every limit, and with a row that is not a number. */
    @Test
    void theKernelChoosesWhatTheOperatorsDo() {
        Random random = new Random(11);
        int[] alphabets = {7, 300, 2048, 5000};
        for (int trial = 0; trial < 48; trial++) {
            int entries = alphabets[trial % 4];
            float[] numbers = new float[4 * entries];
            for (int i = 0; i < numbers.length; i++) {
                double number = 3 * random.nextGaussian();
                numbers[i] = (float) (trial % 3 == 0 ? Math.rint(2 * number) / 2 : number);
            }
            numbers[entries / 2] = trial % 5 == 0 ? Float.NaN : 0;
            DType dtype = trial / 4 % 2 == 0 ? DType.F32 : DType.BF16;
            Tensor logits = Tensor.of(numbers, Device.CPU, 4, entries).to(dtype);
            Sampling[] settings = new Sampling[4];
            double lowest = trial % 2 == 0 ? 1 : 0.5;
            Arrays.setAll(
                    settings,
                    row -> new Sampling(
                            0.5 + random.nextDouble(),
                            new int[] {1, 5, 40, 250}[random.nextInt(4)],
                            lowest + (1 - lowest) * row / 4));
            assertThat(sampler(settings, entries).choose(0, logits).toLongs())
                    .as("trial %s", trial)
                    .isEqualTo(sampler(settings, entries)
                            .choose(0, logits, new Sampler.Shaping() {})
                            .toLongs());
        }
    }

    private static Sampler sampler(Sampling[] settings, int entries) {
        NoiseSource[] noise = new NoiseSource[4];
        Arrays.setAll(noise, NoiseSource::new);
        return new Sampler(Rows.all(Device.CPU, 4), settings, noise, 1, entries);
    }

    @Test
    void historyIsKeptBySlotAndForgottenByReset() {
        try (TextHistory history = new TextHistory(2, PADDING, ENTRIES, Device.CPU)) {
            history.write(Rows.all(Device.CPU, 2), Tensor.of(new long[] {1, 2}, Device.CPU, 2));
            history.write(Rows.of(Device.CPU, true, false), Tensor.of(new long[] {4, 4}, Device.CPU, 2));
            Rows both = Rows.all(Device.CPU, 2);
            assertThat(history.last(both, 2).toLongs()).containsExactly(1, 4, ENTRIES, 2);
            history.reset(0);
            assertThat(history.last(both, 2).toLongs()).containsExactly(ENTRIES, ENTRIES, ENTRIES, 2);
        }
    }

    private static TextPrompt[] unprompted(int rows) {
        TextPrompt[] prompts = new TextPrompt[rows];
        Arrays.fill(prompts, TextPrompt.NONE);
        return prompts;
    }
}
