package io.github.moshivis.server.realtime;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** Response body with a maximum size. Used by one thread at a time, except for {@link #cancel}. */
final class BoundedBody implements BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int mostBytes;
    private volatile Subscription subscription;

    /**
     * Creates the body.
     *
     * @param mostBytes maximum number of bytes to read
     */
    BoundedBody(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        if (body.isDone()) {
            given.cancel();
        } else {
            given.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            byte[] read = new byte[Math.min(buffer.remaining(), mostBytes - bytes.size())];
            buffer.get(read);
            bytes.writeBytes(read);
        }
        if (bytes.size() == mostBytes) {
            onComplete();
            subscription.cancel();
        }
    }

    /** Stops reading and closes the connection. Does nothing at the end of the body. */
    void cancel() {
        if (body.cancel(false) && subscription != null) {
            subscription.cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(bytes.toByteArray());
    }
}
