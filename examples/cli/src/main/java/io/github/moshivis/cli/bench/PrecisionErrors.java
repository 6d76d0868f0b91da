package io.github.moshivis.cli.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Errors of reduced precision: the language model's logits at each precision and quantization, against those at float32. All run the same
 * steps: random codes of the user, a random picture from the first step on, and the output tokens of the float32 model.
 *
 * <p>With random weights these are arithmetic errors, which rank the forms, not a measure of the quality of conversations.
 */
public final class PrecisionErrors {
    private PrecisionErrors() {}

    /**
     * Distance of logits from those at float32, in units of these logits' standard deviation.
     *
     * @param form form of the weights
     * @param text of the text stream
     * @param audio of all codes of speech
     */
    public record Errors(WeightForm form, Difference text, Difference audio) {}

    /**
     * Differences of logits.
     *
     * @param mean of the magnitudes
     * @param max the largest magnitude
     * @param sameChoice share of steps with the same largest logit, 0 to 1
     */
    public record Difference(double mean, double max, double sameChoice) {}

    /**
     * Measures.
     *
     * @param model a model's directory or language model file, such as {@code Checkpoint.random} writes
     * @param steps number of steps, at least 1
     * @param threads at least 1
     * @param forms forms to compare with float32
     * @param done receives each result
     * @return the errors, in the order of the forms
     * @throws io.github.moshivis.errors.CheckpointException if the model cannot be loaded
     */
    public static List<Errors> measure(
            Path model, int steps, int threads, List<WeightForm> forms, Consumer<Errors> done) {
        if (steps < 1 || threads < 1) {
            throw new IllegalArgumentException("Errors are measured over steps and by threads: found " + steps + " and "
                    + threads + ", expected at least 1 of each. Correct them");
        }
        ForcedSteps reference = ForcedSteps.run(model, WeightForm.F32, steps, threads, null);
        List<Errors> errors = new ArrayList<>();
        for (WeightForm form : forms) {
            ForcedSteps run = ForcedSteps.run(model, form, steps, threads, reference);
            errors.add(new Errors(
                    form, difference(run.text(), reference.text()), difference(run.audio(), reference.audio())));
            done.accept(errors.get(errors.size() - 1));
        }
        return errors;
    }

    private static Difference difference(List<float[]> logits, List<float[]> exact) {
        double sum = 0;
        double squares = 0;
        double total = 0;
        double max = 0;
        long count = 0;
        int same = 0;
        for (int i = 0; i < exact.size(); i++) {
            for (int k = 0; k < exact.get(i).length; k++) {
                double difference = Math.abs(logits.get(i)[k] - exact.get(i)[k]);
                total += difference;
                max = Math.max(max, difference);
                sum += exact.get(i)[k];
                squares += (double) exact.get(i)[k] * exact.get(i)[k];
            }
            count += exact.get(i).length;
            same += largest(logits.get(i)) == largest(exact.get(i)) ? 1 : 0;
        }
        double mean = sum / count;
        double deviation = Math.sqrt(squares / count - mean * mean);
        return new Difference(total / count / deviation, max / deviation, (double) same / exact.size());
    }

    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest;
    }
}
