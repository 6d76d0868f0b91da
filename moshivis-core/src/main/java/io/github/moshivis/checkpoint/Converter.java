package io.github.moshivis.checkpoint;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.lm.LanguageModelFile;
import io.github.moshivis.weights.file.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Turns a model into another form: checks all there is to check, then writes.
 *
 * @param path what was opened
 * @param model what was found there
 * @param planner knows what a model of some sizes is made of
 * @param options what the caller wants
 */
record Converter(Path path, ModelDirectory model, Function<ModelConfig, ModelPlan> planner, ConvertOptions options) {
    /** Lays a model out. */
    interface Layout {
        List<TargetFile> files(LmConfig lm, List<SourceTensor> sources);
    }

    /**
     * Converts.
     *
     * @param place where to
     * @param quantizes whether the form is a quantized one
     * @param layout the form
     */
    Written write(OutputPlace place, boolean quantizes, Layout layout) {
        try (SourceModel source = SourceModel.open(LanguageModelFile.locate(model), model)) {
            ModelPlan plan = planner.apply(source.config());
            List<SourceTensor> tensors = complete(source, plan);
            if (quantizes) {
                refuseQuantized(source, tensors);
            }
            Conversion conversion =
                    new Conversion(source, layout.files(plan.config().lm(), tensors), options.progress());
            Optional<SideFiles> beside =
                    place.wholeModel() ? Optional.of(new SideFiles(path, model, source.config())) : Optional.empty();
            place.checkFree(inputs(source, beside), outputs(place, conversion, beside), options.overwrite());
            conversion.checkShared();
            long bytes = conversion.bytes() + beside.map(SideFiles::bytes).orElse(0L);
            List<Path> files = place.fill(bytes, directory -> {
                conversion.write(directory);
                if (beside.isPresent()) {
                    beside.get().write(directory, place.modelFile());
                }
            });
            return new Written(
                    place.given(),
                    files,
                    source.unused(plan.lm().tensors()),
                    beside.map(SideFiles::missing).orElse(List.of()));
        }
    }

    private static List<SourceTensor> complete(SourceModel source, ModelPlan plan) {
        Map<String, Shape> tensors = plan.lm().tensors();
        List<String> problems = source.problems(tensors);
        if (!problems.isEmpty()) {
            throw Problems.failure(
                    "Cannot convert " + source.path(),
                    problems,
                    source.unused(plan.lm().tensors()),
                    plan.lm().tensors().size());
        }
        return tensors.entrySet().stream()
                .map(tensor -> source.find(tensor.getKey(), tensor.getValue()).orElseThrow())
                .toList();
    }

    private static void refuseQuantized(SourceModel source, List<SourceTensor> tensors) {
        tensors.stream()
                .filter(tensor -> tensor.weights().isQuantized())
                .findFirst()
                .ifPresent(quantized -> {
                    throw new CheckpointException("Cannot quantize " + source.path() + ": found that "
                            + quantized.stored().name() + " is quantized already ("
                            + quantized.weights().storage()
                            + "), expected plain numbers, as errors add up. Quantize the original; or, if there is none, convert"
                            + " this to the PyTorch form first and quantize that.");
                });
    }

    private static List<Path> inputs(SourceModel source, Optional<SideFiles> beside) {
        List<Path> inputs = new ArrayList<>(List.of(source.path()));
        beside.ifPresent(side -> inputs.addAll(side.inputs()));
        return inputs;
    }

    private static List<String> outputs(OutputPlace place, Conversion conversion, Optional<SideFiles> beside) {
        List<String> outputs = new ArrayList<>(
                conversion.files().stream().map(TargetFile::name).toList());
        beside.ifPresent(side -> outputs.addAll(side.names()));
        return outputs;
    }
}
