package io.github.moshivis.checkpoint;

import io.github.moshivis.checkpoint.Description.StoredTensorInfo;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.ModelFiles;
import io.github.moshivis.lm.LanguageModelFile;
import io.github.moshivis.weights.ConfiguredSizes;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorFiles;
import io.github.moshivis.weights.names.CheckpointFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Looks at the headers of a checkpoint's files. Used once, by one thread. */
final class Inspection {
    /** Prefix of the codec's codebooks in all releases (kyutai-labs/moshi, {@code models/loaders.py}). */
    private static final String CODEC_SIGN = "quantizer.";

    private final Path path;
    private final ModelDirectory model;
    private final Function<ModelConfig, ModelPlan> planner;

    private String form = "none";
    private final Map<String, Long> storage = new LinkedHashMap<>();
    private final List<StoredTensorInfo> tensors = new ArrayList<>();
    private final Map<ModelPart, Long> parameters = new EnumMap<>(ModelPart.class);
    private Optional<Description.Memory> memory = Optional.empty();
    private final List<String> missing = new ArrayList<>();
    private final List<String> unused = new ArrayList<>();

    Inspection(Path path, ModelDirectory model, Function<ModelConfig, ModelPlan> planner) {
        this.path = path;
        this.model = model;
        this.planner = planner;
    }

    Description describe() {
        ModelFiles files = model.files();
        boolean whole = Files.isDirectory(path);
        Path lm = LanguageModelFile.locate(model);
        requireSensibleCodec(files.mimi());
        if (Files.isRegularFile(lm)) {
            look(lm);
        } else {
            missing.add("the language model: " + files.lm().getFileName());
        }
        if (whole) {
            if (Files.isRegularFile(files.mimi())) {
                lookAtCodec(files.mimi());
            } else {
                missing.add("the codec: " + files.mimi().getFileName());
            }
            if (!Files.isRegularFile(files.tokenizer())) {
                missing.add("the text pieces: " + files.tokenizer().getFileName());
            }
        }
        List<String> byCount = storage.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .toList();
        return new Description(
                path,
                form,
                byCount,
                List.copyOf(tensors),
                Collections.unmodifiableMap(parameters),
                memory,
                List.copyOf(missing),
                List.copyOf(unused));
    }

    private void requireSensibleCodec(Path file) {
        if (Files.isRegularFile(file)) {
            try (TensorFile open = TensorFiles.open(file)) {
                ConfiguredSizes.require(open, model.config().mimi());
            }
        }
    }

    private void look(Path file) {
        Set<String> names;
        try (TensorFile open = TensorFiles.open(file)) {
            names = open.tensors().keySet();
        }
        if (CheckpointFormat.of(names).isPresent()) {
            try (SourceModel source = SourceModel.open(file, model)) {
                lookAtLanguageModel(source);
            }
        } else if (names.stream().anyMatch(name -> name.startsWith(CODEC_SIGN))) {
            form = "mimi";
            lookAtCodec(file);
        } else {
            form = "unknown";
            list(file, Map.of());
            missing.add("a language model or a codec: " + file.getFileName() + " has names of neither");
        }
    }

    private void lookAtLanguageModel(SourceModel source) {
        form = source.form();
        ModelPlan plan = planner.apply(source.config());
        Map<String, Shape> planned = plan.lm().tensors();
        Map<String, ModelPart> parts = new HashMap<>();
        Map<String, String> types = new HashMap<>();
        Map<String, Long> counted = new HashMap<>();
        plan.lm().entries().forEach((ours, entry) -> source.find(ours, entry.shape())
                .ifPresent(found -> {
                    ModelPart part = ModelPart.of(entry.use().role());
                    SourceModel.fileNames(found).forEach(name -> parts.put(name, part));
                    types.put(found.stored().name(), found.weights().storage());
                    // What several of ours share is there once.
                    counted.computeIfAbsent(found.stored().name() + "@" + found.firstRow(), place -> {
                        parameters.merge(part, found.shape().elements(), Long::sum);
                        storage.merge(found.weights().storage(), found.shape().elements(), Long::sum);
                        return found.shape().elements();
                    });
                }));
        for (StoredTensor tensor : source.tensors()) {
            add(source.path(), tensor, types.get(tensor.name()), Optional.ofNullable(parts.get(tensor.name())));
        }
        missing.addAll(source.problems(planned));
        unused.addAll(source.unused(planned));
        if (missing.isEmpty()) {
            memory = Optional.of(plan.memory());
        }
    }

    private void lookAtCodec(Path file) {
        Map<String, Shape> planned = planner.apply(model.config()).codec().tensors();
        list(file, planned);
    }

    /** Lists a file whose names are ours. */
    private void list(Path file, Map<String, Shape> planned) {
        try (TensorFile open = TensorFiles.open(file)) {
            planned.forEach((name, shape) -> {
                StoredTensor stored = open.tensors().get(name);
                if (stored == null) {
                    missing.add(name + " missing, expected " + shape);
                } else if (!stored.shape().equals(shape)) {
                    missing.add(name + " has shape " + stored.shape() + ", expected " + shape);
                } else {
                    parameters.merge(ModelPart.CODEC, stored.shape().elements(), Long::sum);
                }
            });
            for (StoredTensor tensor : open.tensors().values()) {
                boolean used = planned.containsKey(tensor.name());
                add(file, tensor, null, used ? Optional.of(ModelPart.CODEC) : Optional.empty());
            }
        }
    }

    private void add(Path file, StoredTensor tensor, String type, Optional<ModelPart> part) {
        tensors.add(new StoredTensorInfo(
                file.getFileName().toString(),
                tensor.name(),
                type == null ? tensor.type().name() : type,
                Arrays.stream(tensor.shape().toArray()).boxed().toList(),
                tensor.byteLength(),
                part));
    }
}
