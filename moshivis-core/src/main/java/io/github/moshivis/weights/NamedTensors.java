package io.github.moshivis.weights;

import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.TensorNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Tensors of a file under our names, checked by the file's header alone.
 *
 * @param file the open file, not owned
 * @param names its naming
 */
public record NamedTensors(TensorFile file, TensorNames names) {
    /** Rows of a tensor of the file that are a tensor of ours. */
    record Rows(StoredWeights stored, long first, long count) {}

    /** Returns whether the file has a tensor. */
    boolean has(String name) {
        return names.locate(name)
                .map(location -> file.tensors().containsKey(location.fileName()))
                .orElse(false);
    }

    /**
     * Finds a tensor.
     *
     * @param name our name
     * @param shape the shape that it must have
     * @param problems takes the tensor's name in the file, and the problem, if it is missing or wrong
     * @return its place; empty if it is missing or wrong
     */
    Optional<Rows> find(String name, Shape shape, BiConsumer<String, String> problems) {
        Optional<TensorNames.Location> found = names.locate(name);
        if (found.isEmpty()) {
            problems.accept(name, "this format has no such tensor");
            return Optional.empty();
        }
        TensorNames.Location location = found.get();
        Shape whole = location.wholeShape(shape);
        StoredWeights stored = new StoredWeights(file, location.fileName(), whole);
        Optional<String> problem = stored.problem();
        if (problem.isPresent()) {
            problems.accept(location.fileName(), problem.get());
            return Optional.empty();
        }
        long rows = whole.dimension(0) / location.parts();
        return Optional.of(new Rows(stored, location.part() * rows, location.count() * rows));
    }

    /**
     * Lists missing and wrong tensors.
     *
     * @param planned our names with their shapes
     * @return a line for each, its name in the file first; empty if all is there
     */
    public List<String> problems(Map<String, Shape> planned) {
        Map<String, String> problems = new LinkedHashMap<>();
        planned.forEach((name, shape) -> find(name, shape, problems::put));
        return lines(problems);
    }

    /** Lines of a report. */
    static List<String> lines(Map<String, String> problems) {
        return problems.entrySet().stream()
                .map(problem -> problem.getKey() + ": " + problem.getValue())
                .toList();
    }
}
