package io.github.moshivis.checkpoint;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.names.CandleNames;
import io.github.moshivis.weights.names.MlxNames;
import io.github.moshivis.weights.names.PytorchNames;
import io.github.moshivis.weights.names.TensorNames;
import io.github.moshivis.weights.names.TensorNames.Location;
import io.github.moshivis.weights.quant.AffineGroups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Lays a model out in a form: which files, which tensors in them, and how each is stored.
 *
 * @param names the form's table
 * @param sources the whole model
 */
record TargetForm(TensorNames names, List<SourceTensor> sources) {
    private static final String IMAGE = "image.";
    private static final String IMAGE_ENCODER = "image.encoder.";

    /** Decides how a tensor is stored. */
    private interface Policy {
        Storage storage(String ours, Shape shape, StoredType type);
    }

    /** The default name of the language model's file. */
    static String usualFile(Checkpoint.Form form) {
        return form == Checkpoint.Form.GGUF_Q8 ? ModelLayout.GGUF : ModelLayout.LM;
    }

    /** As {@link #usualFile}, for {@link #quantized}. */
    static String usualFile(AffineGroups form) {
        return "model.q" + form.bits() + TargetFile.SAFETENSORS;
    }

    /** The files of a form that is not quantized, or of the Rust back end's quantized one. */
    static List<TargetFile> files(Checkpoint.Form form, LmConfig lm, List<SourceTensor> sources, String file) {
        int codebooks = lm.modelCodebooks();
        return switch (form) {
            case PYTORCH -> List.of(new TargetForm(pytorch(lm), sources).plain(file));
            case CANDLE -> List.of(new TargetForm(CandleNames.fused(codebooks), sources).plain(file));
            case MLX -> List.of(new TargetForm(MlxNames.table(codebooks), sources).plain(file));
            case GGUF_Q8 -> new TargetForm(CandleNames.split(codebooks), sources).gguf(file);
        };
    }

    /** The table of the PyTorch back end's form, which for speech to text is the Rust back end's too. */
    static TensorNames pytorch(LmConfig lm) {
        return lm.isSpeechToText() ? CandleNames.fused(lm.modelCodebooks()) : PytorchNames.table(lm.modelCodebooks());
    }

    /** The file of MLX's quantized form: all matrices but the image encoder's, as far as their rows are whole groups. */
    static List<TargetFile> quantized(AffineGroups groups, LmConfig lm, List<SourceTensor> sources, String file) {
        TargetForm form = new TargetForm(MlxNames.table(lm.modelCodebooks()), sources);
        TargetFile laidOut = form.file(
                file,
                ours -> true,
                (ours, shape, type) -> !ours.startsWith(IMAGE_ENCODER) && isMatrix(shape, groups.group())
                        ? new Storage.Groups(groups)
                        : new Storage.Plain(type));
        if (laidOut.tensors().stream().noneMatch(tensor -> tensor.storage() instanceof Storage.Groups)) {
            throw new IllegalArgumentException("Cannot quantize: found no matrix with rows of whole groups of "
                    + groups.group() + ", expected some. Choose smaller groups.");
        }
        return List.of(laidOut);
    }

    private TargetFile plain(String file) {
        return file(file, ours -> true, (ours, shape, type) -> new Storage.Plain(type));
    }

    private List<TargetFile> gguf(String file) {
        TargetFile rest = file(
                ModelLayout.imageFile(file),
                ours -> ours.startsWith(IMAGE),
                (ours, shape, type) -> new Storage.Plain(StoredType.F32));
        TargetFile quantized = file(
                file,
                ours -> !ours.startsWith(IMAGE),
                (ours, shape, type) -> isMatrix(shape, StoredType.Q8_0.blockElements())
                        ? new Storage.Blocks()
                        : new Storage.Plain(StoredType.F32));
        return rest.tensors().isEmpty() ? List.of(quantized) : List.of(rest, quantized);
    }

    private static boolean isMatrix(Shape shape, int block) {
        return shape.rank() == 2 && shape.dimension(1) % block == 0;
    }

    private TargetFile file(String file, Predicate<String> ours, Policy policy) {
        Map<String, Map<Integer, List<SourceTensor>>> parts = new LinkedHashMap<>();
        for (SourceTensor source : sources) {
            if (ours.test(source.name())) {
                Location location = location(source);
                parts.computeIfAbsent(location.fileName(), name -> new TreeMap<>())
                        .computeIfAbsent(location.part(), part -> new ArrayList<>())
                        .add(source);
            }
        }
        List<TargetFile.Entry> tensors = new ArrayList<>();
        parts.forEach((name, byPart) -> tensors.add(tensor(name, byPart, policy)));
        return new TargetFile(file, tensors);
    }

    private Location location(SourceTensor source) {
        return names.locate(source.name())
                .orElseThrow(() -> new IllegalStateException(
                        "Tensor '" + source.name() + "' has no place in the format: add it to the format's table"));
    }

    private TargetFile.Entry tensor(String name, Map<Integer, List<SourceTensor>> byPart, Policy policy) {
        List<TargetFile.Part> parts = new ArrayList<>();
        byPart.values().forEach(same -> parts.add(new TargetFile.Part(same.get(0), same.subList(1, same.size()))));
        SourceTensor first = parts.get(0).source();
        Shape shape = location(first).shapeInFile(first.shape());
        List<StoredType> types =
                parts.stream().map(part -> part.source().type()).distinct().toList();
        StoredType type = types.size() == 1 ? types.get(0) : StoredType.F32;
        return new TargetFile.Entry(name, shape, policy.storage(first.name(), shape, type), parts);
    }
}
