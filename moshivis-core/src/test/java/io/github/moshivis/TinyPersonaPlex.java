package io.github.moshivis;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.layout.ModelLayout.Companion;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A whole PersonaPlex with the weights and voices of its golden set, and a codec whose codebooks are as large as its alphabet. */
public final class TinyPersonaPlex {
    /** Stored voices in its archive. */
    public static final List<String> VOICES = List.of("TINY0", "TINY0_f32");

    private static final int CODES = 2048;
    private static final String SET = "personaplex/";

    private TinyPersonaPlex() {}

    /** Writes the files as the release has them into a directory. */
    public static void write(Path directory) throws IOException {
        for (String name : List.of(ModelLayout.LM, ModelLayout.MOSHI_CONFIG, Companion.TOKENIZER.released())) {
            Files.copy(Golden.path(SET + "model/" + name), directory.resolve(name));
        }
        Files.copy(Golden.path(SET + ModelLayout.VOICES), directory.resolve(ModelLayout.VOICES));
        ObjectNode codec = (ObjectNode) Golden.json(SET + "model/mimi_config.json");
        ((ObjectNode) codec.get("quantizer")).put("bins", CODES);
        new ObjectMapper().writeValue(directory.resolve(ModelLayout.MIMI_CONFIG).toFile(), codec);
        String mimi = Companion.MIMI.released();
        widen(Golden.path("e2e/model/" + mimi), directory.resolve(mimi));
    }

    /** A recording of a voice. */
    public static Path recordedVoice() {
        return Golden.path(SET + "voices/TINY0.wav");
    }

    /** The file of a stored voice. */
    public static Path storedVoice(String name) {
        return Golden.path(SET + "voices/" + name + ".pt");
    }

    /** Repeats the codebooks' entries until there are enough. */
    private static void widen(Path source, Path target) throws IOException {
        Map<TensorSpec, ByteBuffer> tensors = new LinkedHashMap<>();
        try (TensorFile file = SafetensorsFile.open(source)) {
            for (StoredTensor tensor : file.tensors().values()) {
                ByteBuffer bytes = file.bytes(tensor.name()).slice();
                Shape shape = tensor.shape();
                if (tensor.name().matches(".*_codebook\\.(cluster_usage|embedding_sum)")) {
                    int times = (int) (CODES / shape.dimension(0));
                    shape = shape.with(0, CODES);
                    ByteBuffer repeated = ByteBuffer.allocate(bytes.remaining() * times);
                    for (int i = 0; i < times; i++) {
                        repeated.put(bytes.duplicate());
                    }
                    bytes = repeated.flip();
                }
                tensors.put(new TensorSpec(tensor.name(), tensor.type(), shape), bytes);
            }
            try (TensorWriter writer = SafetensorsWriter.create(target, tensors.keySet(), Map.of())) {
                tensors.forEach((spec, bytes) -> writer.write(spec.name(), bytes));
                writer.commit();
            }
        }
    }
}
