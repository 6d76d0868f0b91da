package io.github.moshivis.train.optim;

/** Learning rate and first decay by step. Immutable. */
public interface Schedule {
    /**
     * The learning rate of a step.
     *
     * @param step from 0
     * @return the rate
     */
    double learningRate(int step);

    /**
     * The decay of Adam's mean of gradients in a step.
     *
     * @param step from 0
     * @return the decay, in [0, 1)
     */
    double beta1(int step);

    /**
     * One cycle as {@code torch.optim.lr_scheduler.OneCycleLR} runs it with its defaults, which moshi-finetune uses: by half cosines the
     * rate goes from max / 25 to max and on to max / 250,000, the decay from 0.95 to 0.85 and back.
     *
     * @param max the highest rate
     * @param total steps of the run
     * @param pctStart share of the steps until the highest rate
     */
    record OneCycle(double max, int total, double pctStart) implements Schedule {
        private static final double START = 1 / 25.0;
        private static final double END = START / 10_000;
        private static final double SLOW_BETA = 0.95;
        private static final double FAST_BETA = 0.85;

        /** The last step of the rise, a fraction. */
        private double peak() {
            return pctStart * total - 1;
        }

        @Override
        public double learningRate(int step) {
            return at(step, max * START, max, max * END);
        }

        @Override
        public double beta1(int step) {
            return at(step, SLOW_BETA, FAST_BETA, SLOW_BETA);
        }

        private double at(int step, double start, double middle, double end) {
            double peak = peak();
            if (step <= peak) {
                return cosine(start, middle, peak == 0 ? 1 : step / peak);
            }
            return cosine(middle, end, (step - peak) / (total - 1 - peak));
        }

        private static double cosine(double start, double end, double share) {
            return end + (start - end) / 2 * (1 + Math.cos(Math.PI * share));
        }
    }

    /**
     * A linear rise to a rate that is held for a while and then falls linearly.
     *
     * @param max the highest rate
     * @param total steps of the run
     * @param warmup steps of the rise
     * @param hold share of the steps before the fall
     * @param end share of the highest rate at the end
     * @param beta1 the same in all steps
     */
    record HoldThenFall(double max, int total, int warmup, double hold, double end, double beta1) implements Schedule {
        @Override
        public double learningRate(int step) {
            double rise = warmup == 0 ? 1 : Math.min(1, (step + 1.0) / warmup);
            double from = hold * total;
            double fallen = total <= from ? 0 : Math.max(0, (step - from) / (total - from));
            return max * rise * (1 - (1 - end) * Math.min(1, fallen));
        }

        @Override
        public double beta1(int step) {
            return beta1;
        }
    }
}
