package io.github.moshivis.checkpoint;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.plugin.FileProgress;
import io.github.moshivis.weights.file.TensorWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Writes files from a model, tensor by tensor: at no time is more than one matrix in memory.
 *
 * @param source the model
 * @param files what to write
 * @param progress hears of each file
 */
record Conversion(SourceModel source, List<TargetFile> files, ProgressListener progress) {
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
