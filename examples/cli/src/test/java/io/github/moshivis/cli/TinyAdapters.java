package io.github.moshivis.cli;

import io.github.moshivis.layout.AdapterFiles;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Adapters of small random numbers for the tiny model of the e2e set. */
final class TinyAdapters {
    private static final int RANK = 2;

    /** Configuration of {@link #lowRank}. */
    static final String LOW_RANK = "{\"lora\": true, \"lora_rank\": " + RANK + ", \"lora_scaling\": 2.0}";

    private static final String LAYER = "llm\\.(transformer\\.layers\\.\\d+\\.)";
    private static final String DEPTH_LAYER = "(depformer\\.layers\\.\\d+\\.)";

    private TinyAdapters() {}

    /** Writes a low-rank adapter with a pair for every matrix of plain Moshi. */
    static Path lowRank(Path directory) throws IOException {
        List<TensorSpec> pairs = new ArrayList<>();
        try (TensorFile model = SafetensorsFile.open(Cli.MODEL.resolve(ModelLayout.LM))) {
            int codebooks = (int) model.tensors().keySet().stream()
                    .filter(name -> name.startsWith("audio_linears."))
                    .count();
            for (StoredTensor tensor : model.tensors().values()) {
                addPairs(tensor.name(), tensor.shape(), codebooks, pairs);
            }
        }
        return write(directory, pairs, LOW_RANK);
    }

    /** Writes an adapter of the part that sees: another projection of pictures. */
    static Path seeing(Path directory) throws IOException {
        String name = "image_prefix.proj_xa.weight";
        try (TensorFile model = SafetensorsFile.open(Cli.MODEL.resolve(ModelLayout.LM))) {
            Shape shape = model.tensors().get(name).shape();
            return write(directory, List.of(new TensorSpec(name, StoredType.F32, shape)), "{\"vision_adapter\": true}");
        }
    }

    /** Pairs for a tensor in MoshiVis's PyTorch form, by the names of plain Moshi's. */
    private static void addPairs(String name, Shape shape, int codebooks, List<TensorSpec> pairs) {
        String stem = name.replaceFirst(LAYER + "(gating\\.linear_(in|out))\\.weight", "$1$2")
                .replaceFirst(LAYER + "self_attn\\.(in|out)_proj[._]weight", "$1self_attn.$2_projs.0")
                .replaceFirst(DEPTH_LAYER + "(gating\\.\\d+\\.linear_(in|out))\\.weight", "$1$2")
                .replaceFirst("llm\\.(text_linear)\\.weight", "$1")
                .replaceFirst("audio_(linears\\.\\d+)\\.weight", "$1")
                .replaceFirst("(depformer_in\\.\\d+)\\.weight", "$1");
        if (!stem.equals(name)) {
            addPair(stem, shape.dimension(0), shape.dimension(1), pairs);
        } else if (name.matches(DEPTH_LAYER + "self_attn\\.(in|out)_proj[._]weight")) {
            for (int k = 0; k < codebooks; k++) {
                String one = name.replaceFirst("_proj[._]weight", "_projs." + k);
                addPair(one, shape.dimension(0) / codebooks, shape.dimension(1), pairs);
            }
        }
    }

    private static void addPair(String stem, long out, long in, List<TensorSpec> pairs) {
        pairs.add(TensorSpec.of(stem + ".lora_A.weight", StoredType.F32, RANK, in));
        pairs.add(TensorSpec.of(stem + ".lora_B.weight", StoredType.F32, out, RANK));
    }

    private static Path write(Path directory, List<TensorSpec> tensors, String configuration) throws IOException {
        Files.createDirectories(directory);
        Random random = new Random(9);
        try (TensorWriter writer =
                SafetensorsWriter.create(directory.resolve(AdapterFiles.WEIGHTS), tensors, Map.of())) {
            for (TensorSpec tensor : tensors) {
                int count = (int) tensor.shape().elements();
                ByteBuffer values = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < count; i++) {
                    values.putFloat(0.02f * (float) random.nextGaussian());
                }
                writer.write(tensor.name(), values.flip());
            }
            writer.commit();
        }
        Files.writeString(directory.resolve(ModelLayout.MOSHI_CONFIG), configuration);
        return directory;
    }
}
