package io.github.moshivis.checkpoint;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.lm.LanguageModelFile;
import io.github.moshivis.plugin.FileProgress;
import io.github.moshivis.weights.Mismatch;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.TensorWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;

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
    ConversionResult write(OutputPlace place, boolean quantizes, Layout layout) {
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
            return new ConversionResult(
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
            throw Mismatch.failure(
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

    /**
     * Writes files from a model, tensor by tensor: at no time is more than one matrix in memory.
     *
     * @param source the model
     * @param files what to write
     * @param progress hears of each file
     */
    private record Conversion(SourceModel source, List<TargetFile> files, ProgressListener progress) {
        /** Bytes that will be written. */
        long bytes() {
            return files.stream().mapToLong(TargetFile::bytes).sum();
        }

        /**
         * Checks that tensors which share a place in the form are equal; reads those.
         *
         * @throws CheckpointException if the form cannot hold the model
         */
        void checkShared() {
            for (TargetFile file : files) {
                for (TargetFile.Entry tensor : file.tensors()) {
                    for (TargetFile.Part part : tensor.parts()) {
                        part.equal().forEach(other -> checkEqual(tensor.name(), part.source(), other));
                    }
                }
            }
        }

        private void checkEqual(String name, SourceTensor first, SourceTensor other) {
            boolean samePlace = first.stored().equals(other.stored()) && first.firstRow() == other.firstRow();
            if (!samePlace && !bytes(first).equals(bytes(other))) {
                throw new CheckpointException("Cannot convert " + source.path() + ": found that "
                        + first.stored().name() + " and " + other.stored().name() + " differ, expected equal values,"
                        + " as the form to write has one tensor " + name + " for both. Choose another form.");
            }
        }

        private ByteBuffer bytes(SourceTensor tensor) {
            ByteBuffer bytes = ByteBuffer.allocate(
                    Math.toIntExact(tensor.type().byteLength(tensor.shape().elements())));
            source.read(tensor, bytes::put);
            return bytes.flip();
        }

        /** Writes all files. */
        void write(Path directory) {
            files.forEach(file -> write(directory, file));
        }

        private void write(Path directory, TargetFile file) {
            long[] done = {0};
            try (FileProgress reported = new FileProgress(progress, file.name(), 0, file.bytes());
                    TensorWriter writer = file.create(directory)) {
                Counting counting = new Counting(writer, bytes -> reported.advanced(done[0] += bytes));
                for (TargetFile.Entry tensor : file.tensors()) {
                    for (TargetFile.Part part : tensor.parts()) {
                        SourceTensor from = part.source();
                        source.read(from, rows -> tensor.storage().write(counting, tensor.name(), from.type(), rows));
                    }
                }
                writer.commit();
                reported.succeeded();
            }
        }

        /** A writer that tells of the bytes it has written. */
        private record Counting(TensorWriter writer, IntConsumer written) implements TensorWriter {
            @Override
            public void write(String name, ByteBuffer bytes) {
                int count = bytes.remaining();
                writer.write(name, bytes);
                written.accept(count);
            }

            @Override
            public void commit() {
                writer.commit();
            }

            @Override
            public void close() {
                writer.close();
            }
        }
    }
}
