package io.github.moshivis.engine;

import io.github.moshivis.model.ImageEncoder;
import java.util.concurrent.CompletableFuture;

/** A picture on its way to a slot, encoded a piece at a time between ticks. Used by the inference thread. */
final class ImageJob implements AutoCloseable {
    final SlotLease lease;
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final ImageEncoder.Prepared image;
    private ImageEncoder.Encoding encoding;

    ImageJob(SlotLease lease, ImageEncoder.Prepared image) {
        this.lease = lease;
        this.image = image;
    }

    /** Does one piece of work; returns whether there is more to do. */
    boolean advance(Ticker ticker) {
        if (image == null) {
            ticker.clearImage(lease.slot);
            return false;
        }
        if (encoding == null) {
            encoding = ticker.beginImage(image);
            return true;
        }
        if (encoding.advance()) {
            return true;
        }
        ticker.setImage(lease.slot, encoding);
        return false;
    }

    @Override
    public void close() {
        if (encoding != null) {
            encoding.close();
            encoding = null;
        }
    }
}
