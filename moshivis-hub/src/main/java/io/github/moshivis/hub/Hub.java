package io.github.moshivis.hub;

import io.github.moshivis.io.ProgressListener;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A Hugging Face hub and the cache on this machine. Downloads only the files that a model needs, resumes interrupted downloads, verifies
 * every byte by the hub's hash, and writes a cache that Python's {@code huggingface_hub} reads.
 *
 * <pre>{@code
 * try (Hub hub = Hub.open()) {
 *     Snapshot model = hub.download(
 *             ModelName.parse("kyutai/moshika-vis-pytorch-bf16"), Optional.empty(), ProgressListener.NONE);
 *     System.out.println(model.directory());
 * }
 * }</pre>
 *
 * <p>May be used from several threads at once, also for the same model: each file is fetched once.
 */
public final class Hub implements AutoCloseable {
    private final HubSettings settings;
    private final Cancellation cancellation = Cancellation.root();
    private HttpClient client;

    private Hub(HubSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns the hub of this process's environment. Opens no connection.
     *
     * @return an open hub
     * @throws IllegalArgumentException if the environment cannot be used
     */
    public static Hub open() {
        return open(HubSettings.fromEnvironment());
    }

    /**
     * Returns a hub. Opens no connection.
     *
     * @param settings address of the hub, and the cache
     * @return an open hub
     */
    public static Hub open(HubSettings settings) {
        Objects.requireNonNull(settings, "settings");
        return new Hub(settings);
    }

    /**
     * Downloads missing files of a model. Blocks; an interrupt of the calling thread, or {@link #close} from another, ends it with a
     * {@link io.github.moshivis.errors.HubException} (an interrupted thread's flag stays set), and the next call resumes.
     *
     * <p>A revision that is a commit, and anything when offline, is answered from the cache without a request if the cache has
     * it all. Else the hub is asked for the revision's commit, and the files that are missing are fetched. If it cannot be
     * reached and the cache has all files of the commit that the revision had last, these are used, with a logged warning.
     *
     * @param model which one, at which revision
     * @param format the form of the weights wanted; empty for the best that the repository has
     * @param listener hears, from the calling thread, of each file that has to be fetched: of all of them before the first
     *     byte, except shards that an index names, which follow it
     * @return the files
     * @throws io.github.moshivis.errors.HubException if they cannot be had; says what to do
     * @throws IllegalStateException if the hub is closed
     */
    public Snapshot download(ModelName model, Optional<ModelFormat> format, ProgressListener listener) {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(listener, "listener");
        return download(model, listener).model(format);
    }

    /**
     * Downloads one file of a repository, unless it is in the cache. Blocks and can be interrupted like {@link #download}.
     *
     * @param repository which one, at which revision
     * @param name the file's name in it
     * @param listener hears, from the calling thread, of the file if it has to be fetched
     * @return the file, part of the cache: not to be written to
     * @throws io.github.moshivis.errors.HubException if it cannot be had; says what to do
     * @throws IllegalStateException if the hub is closed
     */
    public Path file(ModelName repository, String name, ProgressListener listener) {
        Objects.requireNonNull(repository, "repository");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(listener, "listener");
        return download(repository, listener).file(name);
    }

    private ModelDownload download(ModelName repository, ProgressListener listener) {
        requireOpen(repository);
        return new ModelDownload(settings, this::client, repository, listener, cancellation.child());
    }

    private void requireOpen(ModelName wanted) {
        if (cancellation.isCancelled()) {
            throw new IllegalStateException(
                    "Cannot download " + wanted + ": this hub is closed; expected an open one, open another");
        }
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HubHttp.newClient(settings);
        }
        return client;
    }

    /** Ends running downloads. Idempotent. */
    @Override
    public void close() {
        cancellation.cancel();
    }
}
