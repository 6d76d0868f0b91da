package io.github.moshivis.recording;

import io.github.moshivis.engine.StepResult;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The tokens of a conversation, as the Rust reference stores them: {@code text} I64 [T], {@code gate_weights} F32 [T] and {@code
 * audio} I64 [T, K], the model's codes before the user's, -1 where there is none. A safetensors file says its length first: until
 * that is known, steps are kept in a file beside it.
 */
final class RecordedSteps {
    private static final int NONE = -1;

    /** Steps that are copied at once. */
    private static final int BLOCK = 512;

    private final Path target;
    private final Path partial;
    private final int codes;
    private final DataOutputStream out;
    private long steps;

    /**
     * Begins a file.
     *
     * @param target the safetensors file
     * @param codes K
     */
    RecordedSteps(Path target, int codes) throws IOException {
        this.target = target;
        this.partial = target.resolveSibling(target.getFileName() + ".partial");
        this.codes = codes;
        Files.deleteIfExists(target); // of an earlier talk: it must not stand beside this one's sound
        this.out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(partial.toFile())));
    }

    long steps() {
        return steps;
    }

    void add(StepResult result) throws IOException {
        StepResult.Row row = result.row();
        int own = codes - result.userCodes().length;
        out.writeLong(row == null ? NONE : row.textToken());
        out.writeFloat(row == null ? 0 : row.gate());
        for (int k = 0; k < own; k++) {
            out.writeLong(row == null ? NONE : row.codes()[k]);
        }
        for (int code : result.userCodes()) {
            out.writeLong(code);
        }
        steps++;
    }

    /** Removes the files of a recording that could not start. */
    void abandon() throws IOException {
        out.close();
        Files.delete(partial);
    }

    /** Puts the finished file in its place. */
    void finish() throws IOException {
        out.close();
        List<TensorSpec> specs = List.of(
                TensorSpec.of("text", StoredType.I64, steps),
                TensorSpec.of("gate_weights", StoredType.F32, steps),
                TensorSpec.of("audio", StoredType.I64, steps, codes));
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(partial.toFile())));
                TensorWriter writer = SafetensorsWriter.create(target, specs, Map.of())) {
            for (long done = 0; done < steps; done += BLOCK) {
                copy(in, writer, (int) Math.min(BLOCK, steps - done));
            }
            writer.commit();
        }
        Files.delete(partial);
    }

    private void copy(DataInputStream in, TensorWriter writer, int count) throws IOException {
        ByteBuffer text = buffer(count * Long.BYTES);
        ByteBuffer gates = buffer(count * Float.BYTES);
        ByteBuffer audio = buffer(count * codes * Long.BYTES);
        for (int i = 0; i < count; i++) {
            text.putLong(in.readLong());
            gates.putFloat(in.readFloat());
            for (int k = 0; k < codes; k++) {
                audio.putLong(in.readLong());
            }
        }
        writer.write("text", text.flip());
        writer.write("gate_weights", gates.flip());
        writer.write("audio", audio.flip());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
