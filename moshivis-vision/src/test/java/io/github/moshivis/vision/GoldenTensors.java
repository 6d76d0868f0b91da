package io.github.moshivis.vision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;

/** The tensors of one golden file, read without the code under test: a safetensors file is a length, a JSON header, and data. */
final class GoldenTensors {
    static final Path FOLDER = Path.of(System.getProperty("golden.dir"));

    private final JsonNode header;
    private final ByteBuffer data;

    private GoldenTensors(JsonNode header, ByteBuffer data) {
        this.header = header;
        this.data = data;
    }

    static GoldenTensors open(String fileInGoldenFolder) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(FOLDER.resolve(fileInGoldenFolder)))
                .order(ByteOrder.LITTLE_ENDIAN);
        byte[] json = new byte[(int) all.getLong()];
        all.get(json);
        return new GoldenTensors(new ObjectMapper().readTree(json), all.slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Iterator<String> all = header.fieldNames(); all.hasNext(); ) {
            names.add(all.next());
        }
        names.remove("__metadata__");
        return names;
    }

    int[] shape(String name) {
        JsonNode shape = header.required(name).get("shape");
        int[] sizes = new int[shape.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = shape.get(i).asInt();
        }
        return sizes;
    }

    byte[] bytes(String name) {
        JsonNode offsets = header.required(name).get("data_offsets");
        byte[] bytes = new byte[offsets.get(1).asInt() - offsets.get(0).asInt()];
        data.get(offsets.get(0).asInt(), bytes);
        return bytes;
    }

    float[] floats(String name) {
        ByteBuffer bytes = ByteBuffer.wrap(bytes(name)).order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[bytes.capacity() / Float.BYTES];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }
}
