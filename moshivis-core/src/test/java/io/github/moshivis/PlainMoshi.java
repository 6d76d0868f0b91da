package io.github.moshivis;

import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes a plain Moshi checkpoint of a MoshiVis one: the same weights under Moshi's names, without vision. */
public final class PlainMoshi {
    private final Map<TensorSpec, ByteBuffer> tensors = new LinkedHashMap<>();
    private final boolean split;
    private final int codebooks;

    private PlainMoshi(boolean split, int codebooks) {
        this.split = split;
        this.codebooks = codebooks;
    }

    /**
     * Writes a checkpoint.
     *
     * @param vision a MoshiVis checkpoint in PyTorch's form
     * @param target the file to write
     * @param split whether the attention has a tensor for each depth sub-step, as newer versions of moshi save it
     * @param codebooks depth sub-steps
     * @return the target
     */
    public static Path write(Path vision, Path target, boolean split, int codebooks) {
        PlainMoshi plain = new PlainMoshi(split, codebooks);
        try (TensorFile file = SafetensorsFile.open(vision)) {
            file.tensors().values().stream()
                    .filter(tensor -> !tensor.name().matches("image_prefix\\..*|.*(cross_attention|norm_cross)\\..*"))
                    .forEach(tensor ->
                            plain.add(tensor, file.bytes(tensor.name()).slice()));
            try (TensorWriter writer = SafetensorsWriter.create(target, plain.tensors.keySet(), Map.of())) {
                plain.tensors.forEach((spec, bytes) -> writer.write(spec.name(), bytes));
                writer.commit();
            }
        }
        return target;
    }

    private void add(StoredTensor tensor, ByteBuffer bytes) {
        String name = tensor.name()
                .replaceFirst("^llm\\.", "")
                .replaceFirst("^audio_emb\\.", "emb.")
                .replaceFirst("^audio_linears\\.", "linears.");
        if (!split || !name.contains(".self_attn.")) {
            tensors.put(new TensorSpec(name, tensor.type(), tensor.shape()), bytes);
            return;
        }
        int parts = name.startsWith("depformer.") ? codebooks : 1;
        Shape shape = tensor.shape().with(0, tensor.shape().dimension(0) / parts);
        int length = bytes.remaining() / parts;
        for (int part = 0; part < parts; part++) {
            String own = name.replaceFirst("(in|out)_proj[._]weight$", "$1_projs." + part + ".weight");
            tensors.put(new TensorSpec(own, tensor.type(), shape), bytes.slice(part * length, length));
        }
    }
}
