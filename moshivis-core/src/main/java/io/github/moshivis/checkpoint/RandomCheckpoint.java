package io.github.moshivis.checkpoint;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.layout.ModelDirectoryWriter;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.plugin.FileProgress;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import io.github.moshivis.weights.names.TensorNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Writes a planned model with random weights, tensor by tensor. Used by one thread. */
final class RandomCheckpoint {
    /** Numbers that are computed at a time, by one thread. */
    private static final int CHUNK = 1 << 18;

    private static final String CODEBOOK = "_codebook.";

    private final ModelPlan plan;
    private final long seed;
    private final ProgressListener progress;

    RandomCheckpoint(ModelPlan plan, long seed, ProgressListener progress) {
        this.plan = plan;
        this.seed = seed;
        this.progress = progress;
    }

    /** The tensors of the language model's file, under our names. */
    static Map<String, TensorSpec> lmTensors(ModelPlan plan) {
        return plan.lm().inFile(TargetForm.pytorch(plan.config().lm()), StoredType.BF16);
    }

    /** The tensors of the codec's file; beside those that are loaded, it says of each codebook that training has set it up. */
    static Map<String, TensorSpec> codecTensors(ModelPlan plan) {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        plan.codec().inFile(TensorNames.SAME, StoredType.F32).forEach((name, spec) -> {
            tensors.put(name, spec);
            int codebook = name.indexOf(CODEBOOK);
            if (codebook >= 0) {
                String initialized = name.substring(0, codebook) + CODEBOOK + "_initialized";
                tensors.put(initialized, TensorSpec.of(initialized, StoredType.F32, 1));
            }
        });
        return tensors;
    }

    /** Writes all files; deletes them if it fails. */
    void write(Path directory) {
        List<Path> files = files(directory);
        checkAbsent(files);
        try {
            Files.createDirectories(directory);
            write(directory.resolve(ModelLayout.LM), lmTensors(plan));
            write(directory.resolve(ModelLayout.Companion.MIMI.released()), codecTensors(plan));
            Files.write(
                    directory.resolve(ModelLayout.Companion.TOKENIZER.released()),
                    RandomVocabulary.model(plan.config().lm().textCard()));
            ModelDirectoryWriter.write(plan.config(), directory);
        } catch (IOException e) {
            deleteAll(files, e);
            throw CheckpointException.notWritten("a model to", directory, e);
        } catch (RuntimeException | Error e) {
            deleteAll(files, e);
            throw e;
        }
    }

    private List<Path> files(Path directory) {
        List<String> names = new ArrayList<>(List.of(
                ModelLayout.LM, ModelLayout.Companion.MIMI.released(), ModelLayout.Companion.TOKENIZER.released()));
        names.addAll(plan.config().lm().isSpeechToText() ? ModelDirectoryWriter.STT_FILES : ModelDirectoryWriter.FILES);
        return names.stream().map(directory::resolve).toList();
    }

    private static void checkAbsent(List<Path> files) {
        List<Path> present = files.stream().filter(Files::exists).toList();
        if (!present.isEmpty()) {
            throw new IllegalArgumentException("Cannot write a random model to "
                    + present.get(0).toAbsolutePath().getParent() + ": found "
                    + present.stream().map(Path::getFileName).toList()
                    + ", expected none of a model's files. Choose another directory, or delete them.");
        }
    }

    private static void deleteAll(List<Path> files, Throwable failure) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private void write(Path file, Map<String, TensorSpec> tensors) {
        // In the order of the file, so that the disk sees one stream.
        List<Map.Entry<String, TensorSpec>> sorted = tensors.entrySet().stream()
                .sorted(Map.Entry.comparingByValue((a, b) -> a.name().compareTo(b.name())))
                .toList();
        long total = tensors.values().stream().mapToLong(TensorSpec::byteLength).sum();
        try (FileProgress reported =
                        new FileProgress(progress, file.getFileName().toString(), 0, total);
                TensorWriter writer = SafetensorsWriter.create(file, tensors.values(), Map.of())) {
            long done = 0;
            for (Map.Entry<String, TensorSpec> tensor : sorted) {
                done = write(writer, tensor.getKey(), tensor.getValue(), reported, done);
            }
            writer.commit();
            reported.succeeded();
        }
    }

    private long write(TensorWriter writer, String name, TensorSpec spec, FileProgress reported, long before) {
        RandomValues.Spread spread = RandomValues.Spread.of(name, spec);
        RandomValues values = new RandomValues(seed, spec.name(), spread.mean(), spread.deviation());
        int atOnce = Runtime.getRuntime().availableProcessors();
        long elements = spec.shape().elements();
        long done = before;
        for (long start = 0; start < elements; start += (long) CHUNK * atOnce) {
            long first = start;
            int chunks = (int) Math.min(atOnce, (elements - first + CHUNK - 1) / CHUNK);
            List<ByteBuffer> computed = IntStream.range(0, chunks)
                    .parallel()
                    .mapToObj(chunk -> chunk(values, first + (long) chunk * CHUNK, spec))
                    .toList();
            for (ByteBuffer bytes : computed) {
                done += bytes.remaining();
                writer.write(spec.name(), bytes);
            }
            reported.advanced(done);
        }
        return done;
    }

    private static ByteBuffer chunk(RandomValues values, long first, TensorSpec spec) {
        return values.bytes(first, (int) Math.min(CHUNK, spec.shape().elements() - first), spec.type());
    }
}
