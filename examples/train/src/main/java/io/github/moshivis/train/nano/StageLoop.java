package io.github.moshivis.train.nano;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.tensor.Updates;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.TensorStore;
import io.github.moshivis.train.optim.AdamW;
import io.github.moshivis.train.optim.GradientNorm;
import io.github.moshivis.train.optim.Schedule;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.names.TensorNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Training of one part of the recipe from its first step to the last, or on from what is stored in the stage's directory: {@code
 * state.safetensors} while it runs, {@code result.safetensors} in the end, {@code metrics.jsonl} with a line a step.
 */
final class StageLoop implements AutoCloseable {
    private static final double EPSILON = 1e-8;
    private static final String STEP = "step";
    private static final String PARAMETER = "param.";
    private static final String AVERAGE = "average.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final Settings settings;
    private final Consumer<String> listener;
    private final AdamW adam;
    private final Map<String, Tensor> averages = new LinkedHashMap<>();

    /**
     * Settings of a stage.
     *
     * @param name of its directory
     * @param decay of weights, for those that {@link FirstValues#decays}
     * @param save steps after which the state is stored
     * @param average decay of the moving average of weights, which is the result; 0 for the last weights
     */
    record Settings(
            String name,
            int steps,
            int save,
            Schedule schedule,
            double beta2,
            double decay,
            double maxNorm,
            double average) {}

    /** The part that is trained. */
    interface Model {
        /** All that a run needs to go on, and the result; trained or not. */
        Map<String, Tensor> state();

        /** The trained tensors among them, by the same names. */
        Map<String, Tensor> trained();

        /** Computes the gradients of a step and returns its losses, the sum first. */
        Map<String, Double> step(int step);

        void clearGradients();
    }

    StageLoop(Path run, Settings settings, Consumer<String> listener) throws IOException {
        this.directory = run.resolve(settings.name);
        this.settings = settings;
        this.listener = listener;
        this.adam = new AdamW(settings.beta2, EPSILON);
        Files.createDirectories(directory);
    }

    private Path state() {
        return directory.resolve("state.safetensors");
    }

    private Path result() {
        return directory.resolve("result.safetensors");
    }

    /** Trains to the end; the state then holds the result. In a scope for training. */
    void run(Model model) throws IOException {
        if (!Files.exists(result())) {
            int first = Files.exists(state()) ? resume(model) : 0;
            long start = System.nanoTime();
            for (int step = first; step < settings.steps; step++) {
                step(model, step, first, start);
                if ((step + 1) % settings.save == 0 && step + 1 < settings.steps) {
                    save(model, step + 1);
                }
            }
            Map<String, Tensor> last = new LinkedHashMap<>(model.state());
            last.putAll(averages);
            TensorStore.write(result(), last, name -> StoredType.F32);
            Files.deleteIfExists(state());
        }
        load(result(), "", model.state());
    }

    private void step(Model model, int step, int first, long start) throws IOException {
        double rate = settings.schedule.learningRate(step);
        Map<String, Double> losses = model.step(step);
        double norm = update(model, step, rate);
        if (losses.values().stream().anyMatch(loss -> loss.isNaN())) {
            throw new IllegalStateException("Cannot go on training in " + directory + ": found a loss that is not a"
                    + " number in step " + (step + 1) + ", expected numbers. Report this");
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step + 1);
        line.putAll(losses);
        line.put("lr", rate);
        line.put("grad_norm", norm);
        Files.writeString(
                directory.resolve("metrics.jsonl"),
                JSON.writeValueAsString(line) + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        double perStep = (System.nanoTime() - start) / 1e9 / (step + 1 - first);
        Duration left = Duration.ofSeconds((long) (perStep * (settings.steps - step - 1)));
        listener.accept(String.format(
                "%s: step %d/%d  %s  %.2f s a step  %d:%02d:%02d left",
                settings.name,
                step + 1,
                settings.steps,
                losses.entrySet().stream()
                        .map(loss -> String.format("%s %.4f", loss.getKey(), loss.getValue()))
                        .reduce((a, b) -> a + "  " + b)
                        .orElse(""),
                perStep,
                left.toHours(),
                left.toMinutesPart(),
                left.toSecondsPart()));
    }

    private double update(Model model, int step, double rate) {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> gradients = new LinkedHashMap<>();
            model.trained().forEach((name, leaf) -> {
                Tensor gradient = Autograd.gradient(leaf);
                if (gradient != null) {
                    gradients.put(name, gradient);
                }
            });
            double norm = GradientNorm.clip(gradients.values(), settings.maxNorm);
            adam.begin();
            gradients.forEach((name, gradient) -> {
                Tensor parameter = model.trained().get(name);
                double decay = FirstValues.decays(name) ? settings.decay : 0;
                adam.update(name, parameter, gradient, new AdamW.Settings(rate, settings.schedule.beta1(step), decay));
                average(name, parameter, step);
            });
            model.clearGradients();
            return norm;
        }
    }

    private void average(String name, Tensor parameter, int step) {
        if (settings.average > 0) {
            Tensor value = Autograd.detach(parameter);
            Tensor average = averages.computeIfAbsent(name, each -> value.copy().keep());
            double kept = Math.min(settings.average, (1.0 + step) / (10 + step));
            Autograd.withoutGradient(() -> {
                Updates.scale(average, kept);
                Updates.add(average, value, 1 - kept);
                return average;
            });
        }
    }

    private void save(Model model, int step) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            all.put(STEP, Tensor.of(new float[] {step}, Device.CPU, 1));
            model.state().forEach((name, tensor) -> all.put(PARAMETER + name, tensor));
            averages.forEach((name, tensor) -> all.put(AVERAGE + name, tensor));
            all.putAll(adam.state());
            TensorStore.write(state(), all, name -> StoredType.F32);
        }
    }

    private int resume(Model model) {
        load(state(), PARAMETER, model.state());
        Map<String, Tensor> moments = new LinkedHashMap<>();
        try (Parameters stored = open(state())) {
            int step = (int) stored.all().get(STEP).toFloats()[0];
            stored.all().forEach((name, tensor) -> {
                if (name.startsWith(AVERAGE)) {
                    averages.put(name.substring(AVERAGE.length()), own(tensor));
                } else if (!name.equals(STEP) && !name.startsWith(PARAMETER)) {
                    moments.put(name, own(tensor));
                }
            });
            adam.restore(step, moments);
            return step;
        }
    }

    private static Parameters open(Path file) {
        return Parameters.read(SafetensorsFile.open(file), TensorNames.SAME, Device.CPU);
    }

    private static Tensor own(Tensor tensor) {
        try (Scope scope = Scope.open()) {
            return tensor.copy().keep();
        }
    }

    /** Copies stored numbers into tensors. */
    static void load(Path file, String prefix, Map<String, Tensor> into) {
        try (Parameters stored = open(file)) {
            into.forEach((name, leaf) -> {
                Tensor from = stored.all().get(prefix + name);
                if (from == null) {
                    throw new IllegalArgumentException(
                            "Cannot go on from " + file + ": found no " + name
                                    + ", expected the tensors of this scale. Take the options of that run, or another directory");
                }
                Autograd.withoutGradient(() -> leaf.copyFrom(from));
            });
        }
    }

    @Override
    public void close() {
        adam.close();
        averages.values().forEach(Tensor::close);
    }
}
