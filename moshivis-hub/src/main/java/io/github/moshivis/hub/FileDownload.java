package io.github.moshivis.hub;

import io.github.moshivis.plugin.FileProgress;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Fetches one file into a partial file and checks its hash. Parts are fetched by several threads and hashed by one more, while
 * the calling thread reports progress; all have ended when {@link #run} returns.
 */
final class FileDownload {
    private static final System.Logger LOG = System.getLogger(FileDownload.class.getName());

    /** The pause of the hasher while it waits for more bytes; at the end of a download it is late by no more than this. */
    private static final Duration HASHER_PAUSE = Duration.ofMillis(5);

    /** Number of bytes that are flushed to the disk at a time. */
    private static final long FLUSH_BYTES = 64L << 20;

    private final RemoteFile remote;
    private final PartialFile partial;
    private final FileSource source;
    private final HubErrors errors;
    private final TransferSettings settings;
    private final FileProgress progress;
    private final Cancellation cancellation;

    FileDownload(
            RemoteFile remote,
            PartialFile partial,
            FileSource source,
            HubErrors errors,
            TransferSettings settings,
            FileProgress progress,
            Cancellation cancellation) {
        this.remote = remote;
        this.partial = partial;
        this.source = source;
        this.errors = errors;
        this.settings = settings;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    /**
     * Fetches what is missing. Bytes with a wrong hash are discarded and fetched once more.
     *
     * @throws IOException if the network failed for good; what was fetched is kept
     */
    void run() throws IOException {
        String hash = fetchAndHash();
        if (!hash.equals(remote.hash().hex())) {
            LOG.log(Level.WARNING, "The bytes of {0} have the wrong hash; they are fetched again", remote.name());
            partial.reset();
            source.forget();
            hash = fetchAndHash();
        }
        if (!hash.equals(remote.hash().hex())) {
            partial.reset();
            throw errors.wrongHash(remote.name(), hash, remote.hash());
        }
    }

    private String fetchAndHash() throws IOException {
        try {
            return inThreads(this::fetchParts, settings.connections());
        } catch (FileSource.NoRangesException e) {
            LOG.log(Level.DEBUG, "Fetching {0} without ranges: {1}", remote.name(), e.getMessage());
            return inThreads(this::fetchWhole, 1);
        }
    }

    /** The work of a thread until it is done or cancelled. */
    private interface Work {
        void run(Queue<Integer> parts, Cancellation ours) throws IOException;
    }

    private String inThreads(Work fetch, int connections) throws IOException {
        Queue<Integer> missing = new ConcurrentLinkedQueue<>();
        for (int part = 0; part < partial.parts(); part++) {
            if (!partial.isFinished(part)) {
                missing.add(part);
            }
        }
        PrefixHasher hasher = new PrefixHasher(partial, remote.hash());
        Cancellation ours = cancellation.child();
        List<Work> works = new ArrayList<>();
        works.add((parts, stop) -> hash(hasher, stop));
        if (partial.size() > FLUSH_BYTES) {
            works.add((parts, stop) -> flush(stop));
        }
        for (int i = 0; i < Math.min(connections, missing.size()); i++) {
            works.add(fetch);
        }
        CountDownLatch running = new CountDownLatch(works.size());
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (Work work : works) {
            Thread thread = new Thread(() -> {
                try {
                    work.run(missing, ours);
                } catch (IOException | RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                    ours.cancel();
                } finally {
                    running.countDown();
                }
            });
            thread.setName("moshivis-hub-" + remote.name());
            thread.setDaemon(true);
            thread.start();
        }
        awaitEnd(running, ours);
        cancellation.check();
        rethrow(failure.get());
        return hasher.hex();
    }

    /** Reports progress until all threads have ended; an interrupt ends them first, and stays set. */
    private void awaitEnd(CountDownLatch running, Cancellation ours) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = running.await(Cancellation.TICK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
                ours.cancel();
            }
            progress.advanced(partial.finishedBytes());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    private void hash(PrefixHasher hasher, Cancellation stop) throws IOException {
        while (!hasher.isComplete()) {
            if (hasher.advance()) {
                stop.check();
            } else {
                stop.sleep(HASHER_PAUSE);
            }
        }
    }

    /** Flushes to disk continuously, so that gigabytes do not wait in memory until the end. */
    private void flush(Cancellation stop) throws IOException {
        long flushed = partial.finishedBytes();
        for (long done = flushed; done < partial.size(); done = partial.finishedBytes()) {
            if (done - flushed >= FLUSH_BYTES) {
                partial.flush();
                flushed = done;
            } else {
                stop.sleep(Cancellation.TICK);
            }
            stop.check();
        }
    }

    private void fetchParts(Queue<Integer> parts, Cancellation stop) throws IOException {
        PartTransfer transfer = new PartTransfer(partial, source, settings, stop);
        for (Integer part = parts.poll(); part != null; part = parts.poll()) {
            transfer.fetch(part);
        }
    }

    private void fetchWhole(Queue<Integer> parts, Cancellation stop) throws IOException {
        new PartTransfer(partial, source, settings, stop).fetchWhole();
    }
}
