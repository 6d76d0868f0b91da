package io.github.moshivis.train.tune;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.TensorStore;
import io.github.moshivis.train.optim.AdamW;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.names.TensorNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory of a run: {@code metrics.train.jsonl}, {@code metrics.eval.jsonl}, and {@code checkpoints/checkpoint_NNNNNN}, each with
 * {@code consolidated}, the result in a form that loads, and {@code training}, from which the run goes on. A checkpoint has its name
 * once it is complete.
 */
final class RunDirectory {
    private static final String CONSOLIDATED = "consolidated";
    private static final String TRAINING = "training";
    private static final String CHECKPOINTS = "checkpoints";
    private static final String CHECKPOINT = "checkpoint_\\d{6,9}";
    private static final String STATE = "state.safetensors";
    private static final String PARAMETER = "param.";
    private static final String PARTIAL = "tmp.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;

    /** Makes the directory, should it not exist. */
    RunDirectory(Path path) {
        this.path = path.toAbsolutePath();
        try {
            Files.createDirectories(this.path.resolve(CHECKPOINTS));
        } catch (IOException e) {
            throw cannot("write to", e);
        }
    }

    private CheckpointException cannot(String what, IOException cause) {
        return new CheckpointException(
                "Cannot " + what + " the run directory " + path + ": found " + cause + ". Check the path and the disk",
                cause);
    }

    /** Appends a line of measurements. */
    void log(String file, Map<String, Object> line) {
        try {
            Files.writeString(
                    path.resolve(file),
                    JSON.writeValueAsString(line) + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw cannot("log to", e);
        }
    }

    private List<Path> checkpoints() {
        return list(CHECKPOINT);
    }

    private static int step(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().replaceFirst("\\D+", ""));
    }

    private List<Path> list(String names) {
        try (Stream<Path> all = Files.list(path.resolve(CHECKPOINTS))) {
            return all.filter(each -> each.getFileName().toString().matches(names))
                    .sorted(Comparator.comparingInt(RunDirectory::step))
                    .toList();
        } catch (IOException e) {
            throw cannot("list", e);
        }
    }

    /**
     * Stores a checkpoint.
     *
     * @param step steps that were taken
     * @param trained what is trained
     * @param adam the optimizer
     * @param result writes what loads
     * @param keep how many checkpoints stay; empty for all
     */
    void store(int step, Map<String, Tensor> trained, AdamW adam, ResultWriter result, Optional<Integer> keep) {
        Path target = path.resolve(CHECKPOINTS).resolve(String.format("checkpoint_%06d", step));
        Path partial = target.resolveSibling(PARTIAL + target.getFileName());
        try {
            delete(partial);
            result.write(partial.resolve(CONSOLIDATED));
            Files.createDirectories(partial.resolve(TRAINING));
            Map<String, Tensor> state = new LinkedHashMap<>();
            trained.forEach((name, tensor) -> state.put(PARAMETER + name, tensor));
            state.putAll(adam.state());
            TensorStore.write(partial.resolve(TRAINING).resolve(STATE), state, name -> StoredType.F32);
            delete(target);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            List<Path> all = checkpoints();
            for (Path old : all.subList(0, Math.max(0, all.size() - keep.orElse(all.size())))) {
                delete(old);
            }
        } catch (IOException e) {
            throw cannot("write a checkpoint to", e);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                all.sorted(Comparator.reverseOrder()).forEach(file -> {
                    try {
                        Files.delete(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }

    /** The last checkpoint; empty if there is none. */
    Optional<Path> last() {
        List<Path> all = checkpoints();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /**
     * Goes on from the last checkpoint. Removes what a process left that was killed while it stored one.
     *
     * @param trained gets the stored numbers
     * @param adam gets the stored moments
     * @return steps that were taken; 0 if there is no checkpoint
     */
    int resume(Map<String, Tensor> trained, AdamW adam) {
        for (Path left : list(Pattern.quote(PARTIAL) + CHECKPOINT)) {
            try {
                delete(left);
            } catch (IOException e) {
                throw cannot("remove " + left.getFileName() + " from", e);
            }
        }
        Optional<Path> found = last();
        if (found.isEmpty()) {
            return 0;
        }
        Path last = found.get();
        int step = step(last);
        Path file = last.resolve(TRAINING).resolve(STATE);
        Map<String, Tensor> moments = new LinkedHashMap<>();
        try (Parameters stored = Parameters.read(SafetensorsFile.open(file), TensorNames.SAME, Device.CPU);
                Scope scope = Scope.open()) {
            trained.forEach((name, leaf) -> restore(file, stored.all().get(PARAMETER + name), name, leaf));
            stored.all().forEach((name, tensor) -> {
                if (!name.startsWith(PARAMETER)) {
                    Tensor like = trained.get(AdamW.parameter(name));
                    moments.put(name, tensor.to(like.device()).copy().keep());
                }
            });
        }
        adam.restore(step, moments);
        return step;
    }

    private static void restore(Path file, Tensor stored, String name, Tensor leaf) {
        if (stored == null || !Arrays.equals(stored.shape(), leaf.shape())) {
            throw new CheckpointException("Cannot go on from " + file + ": found "
                    + (stored == null ? "nothing" : stored) + " for " + name + ", expected " + leaf
                    + ". Train with the settings of that run, or in another run_dir");
        }
        Autograd.withoutGradient(() -> leaf.copyFrom(stored));
    }
}
