package io.github.moshivis.loading;

import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.plugin.FileProgress;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import java.nio.file.Path;

/** Tells a listener how much of a file's weights has been read. Used by one thread. */
final class LoadingProgress implements AutoCloseable {
    private final FileProgress progress;
    private final long total;
    private long done;

    LoadingProgress(ProgressListener listener, Path path, TensorFile file) {
        total = file.tensors().values().stream()
                .mapToLong(StoredTensor::byteLength)
                .sum();
        progress = new FileProgress(listener, "loading " + path.getFileName(), 0, total);
    }

    void add(long bytes) {
        done += bytes;
        progress.advanced(done);
    }

    /** Ends well; tensors that the model does not need count as read. */
    void succeeded() {
        progress.advanced(total);
        progress.succeeded();
    }

    /** Ends in failure, unless it has ended. */
    @Override
    public void close() {
        progress.close();
    }
}
