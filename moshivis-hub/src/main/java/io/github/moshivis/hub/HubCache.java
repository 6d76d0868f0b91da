package io.github.moshivis.hub;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The cache of models: lists, verifies and removes them. Uses no network. Also reads files of Python's tools, and does not touch unknown
 * files.
 *
 * <p>May be used from several threads at once, and beside downloads: removing a model during its download makes the download fail, but does
 * not damage the cache.
 */
public final class HubCache {
    private static final String FOLDER_PREFIX = "models--";

    private final Path directory;

    private HubCache(Path directory) {
        this.directory = directory;
    }

    /**
     * Returns the cache of some settings.
     *
     * @param settings the settings
     * @return the cache, which need not exist yet
     */
    public static HubCache of(HubSettings settings) {
        Objects.requireNonNull(settings, "settings");
        return new HubCache(settings.cacheDirectory());
    }

    /**
     * Lists the models.
     *
     * @return all models, by name; folders of data sets and the like are not among them
     * @throws HubException if the cache cannot be read
     */
    public List<CachedModel> list() {
        return reading(() -> {
            if (!Files.isDirectory(directory)) {
                return List.<CachedModel>of();
            }
            List<CachedModel> models = new ArrayList<>();
            for (Path folder : CacheTree.children(directory)) {
                Optional<ModelName> name = modelOf(folder);
                if (name.isPresent()) {
                    models.add(describe(new CacheLayout(directory, name.get())));
                }
            }
            return models;
        });
    }

    /**
     * Compares the hashes of a model's files with those of the hub.
     *
     * @param model a model; without a revision all that are cached
     * @param listener receives the progress of each file
     * @return what was found
     * @throws HubException if the model is not cached, or the cache cannot be read
     */
    public Verification verify(ModelName model, ProgressListener listener) {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(listener, "listener");
        CacheLayout layout = new CacheLayout(directory, model);
        return reading(() -> new CacheVerifier(layout, listener).verify(commits(layout)));
    }

    /**
     * Removes a model, or one revision and the files that no other revision uses. Also removes unfinished downloads.
     *
     * @param model a model; without a revision all of it
     * @return bytes freed
     * @throws HubException if the model is not cached, or something cannot be removed
     */
    public long remove(ModelName model) {
        Objects.requireNonNull(model, "model");
        CacheLayout layout = new CacheLayout(directory, model);
        return reading(() -> {
            List<String> commits = commits(layout);
            long before = CacheTree.bytes(layout.repository());
            List<String> others = new ArrayList<>(CacheTree.names(layout.snapshots()));
            others.removeAll(commits);
            if (model.revision().isEmpty() || others.isEmpty()) {
                CacheTree.delete(layout.repository());
                return before;
            }
            for (String commit : commits) {
                removeRevision(layout, commit);
            }
            return before - CacheTree.bytes(layout.repository());
        });
    }

    /** Removes references before the snapshot that they name, and the snapshot before its bytes: never a dangling one. */
    private static void removeRevision(CacheLayout layout, String commit) throws IOException {
        for (String reference : CacheTree.files(layout.refs())) {
            Path file = layout.refs().resolve(reference);
            if (CacheLayout.readReference(file).equals(commit)) {
                Files.delete(file);
            }
        }
        CacheTree.delete(layout.snapshot(commit));
        CacheTree.delete(layout.repository().resolve(".no_exist").resolve(commit));
        Files.deleteIfExists(layout.ownListing(commit));
        Files.deleteIfExists(layout.pythonListing(commit));
        Set<Path> used = blobsInUse(layout);
        for (Path blob : CacheTree.children(layout.blobs())) {
            if (!used.contains(blob.getFileName())) {
                Files.delete(blob);
            }
        }
    }

    /** File names of the blobs that snapshots link to, symbolically or, by being the same file, otherwise. */
    private static Set<Path> blobsInUse(CacheLayout layout) throws IOException {
        Set<Path> used = new HashSet<>();
        for (String file : CacheTree.files(layout.snapshots())) {
            Path pointer = layout.snapshots().resolve(file);
            if (Files.isSymbolicLink(pointer)) {
                used.add(Files.readSymbolicLink(pointer).getFileName());
            } else {
                for (Path blob : CacheTree.children(layout.blobs())) {
                    if (Files.isSameFile(blob, pointer)) {
                        used.add(blob.getFileName());
                    }
                }
            }
        }
        return used;
    }

    /** Returns the commits of a name. */
    private List<String> commits(CacheLayout layout) throws IOException {
        ModelName model = layout.model();
        if (model.revision().isEmpty()) {
            if (Files.isDirectory(layout.repository())) {
                return CacheTree.names(layout.snapshots());
            }
        } else {
            Optional<String> commit = layout.referenced(model.revision().get());
            if (commit.isPresent() && Files.isDirectory(layout.snapshot(commit.get()))) {
                return List.of(commit.get());
            }
        }
        throw new HubException("Cannot find " + model + " in the cache " + directory + ": expected one of "
                + list().stream().map(cached -> cached.model().toString()).toList()
                + "; check the name, or HF_HUB_CACHE");
    }

    private static CachedModel describe(CacheLayout layout) throws IOException {
        List<CachedModel.CachedRevision> revisions = new ArrayList<>();
        for (String commit : CacheTree.names(layout.snapshots())) {
            Path snapshot = layout.snapshots().resolve(commit);
            List<String> files = CacheTree.files(snapshot);
            long bytes = 0;
            for (String file : files) {
                bytes += CacheLayout.sizeOf(snapshot.resolve(file));
            }
            revisions.add(new CachedModel.CachedRevision(commit, references(layout, commit), files, bytes));
        }
        long partial = 0;
        for (Path blob : CacheTree.children(layout.blobs())) {
            partial += CacheLayout.isUnfinished(blob) ? Files.size(blob) : 0;
        }
        return new CachedModel(
                layout.model(), layout.repository(), revisions, CacheTree.bytes(layout.repository()), partial);
    }

    private static List<String> references(CacheLayout layout, String commit) throws IOException {
        List<String> references = new ArrayList<>();
        for (String reference : CacheTree.files(layout.refs())) {
            if (CacheLayout.readReference(layout.refs().resolve(reference)).equals(commit)) {
                references.add(reference);
            }
        }
        return references;
    }

    private static Optional<ModelName> modelOf(Path folder) {
        String name = folder.getFileName().toString();
        if (!name.startsWith(FOLDER_PREFIX) || !Files.isDirectory(folder)) {
            return Optional.empty();
        }
        String repository = name.substring(FOLDER_PREFIX.length()).replace("--", "/");
        return ModelName.isModelName(repository) ? Optional.of(ModelName.parse(repository)) : Optional.empty();
    }

    private interface Reading<T> {
        T run() throws IOException;
    }

    private <T> T reading(Reading<T> reading) {
        try {
            return reading.run();
        } catch (IOException e) {
            throw new HubException(
                    "Cannot read or change the cache " + directory + ": " + e
                            + ", expected a directory that this user owns; correct its permissions, or set HF_HUB_CACHE",
                    e);
        }
    }
}
