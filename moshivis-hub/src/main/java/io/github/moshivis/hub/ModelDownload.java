package io.github.moshivis.hub;

import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.layout.ConfiguredNames;
import io.github.moshivis.plugin.FileProgress;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** One call of {@link Hub}: answers from the cache where possible, and fetches the rest. Used by one thread. */
final class ModelDownload {
    private static final System.Logger LOG = System.getLogger(ModelDownload.class.getName());

    /** The file that Python's tools ask for first; many of these repositories have none. */
    private static final String CONFIG = "config.json";

    private final HubSettings settings;
    private final Supplier<HttpClient> client;
    private final ModelName model;
    private final ProgressListener listener;
    private final Cancellation cancellation;
    private final CacheLayout layout;
    private final CacheLookup lookup;
    private final HubErrors errors;

    ModelDownload(
            HubSettings settings,
            Supplier<HttpClient> client,
            ModelName model,
            ProgressListener listener,
            Cancellation cancellation) {
        this.settings = settings;
        this.client = client;
        this.model = model;
        this.listener = listener;
        this.cancellation = cancellation;
        this.layout = new CacheLayout(settings.cacheDirectory(), model);
        this.lookup = new CacheLookup(layout);
        this.errors = new HubErrors(settings, model);
    }

    /** The files of a model that a format needs. */
    Snapshot model(Optional<ModelFormat> format) {
        return get(new Wanted<>(
                "record of the revision " + model.revisionOrDefault(),
                commit -> lookup.find(commit, format),
                commit -> lookup.findAny(commit, format),
                (http, api, listing) -> fetch(http, api, listing, format)));
    }

    /** One file of a repository. */
    Path file(String name) {
        CacheLookup.InCache<Path> present = commit -> new CacheLookup.Found<>(present(commit, name), name);
        return get(new Wanted<>(name, present, present, (http, api, listing) -> fetch(http, api, listing, name)));
    }

    /**
     * The result of a call.
     *
     * @param missing what the cache lacks if it does not know the revision
     * @param exact looks for what the hub would deliver for a commit
     * @param any looks for what there is of a commit where the hub cannot be asked
     * @param fetch fetches what the cache lacks
     */
    private record Wanted<T>(
            String missing, CacheLookup.InCache<T> exact, CacheLookup.InCache<T> any, Fetch<T> fetch) {}

    @FunctionalInterface
    private interface Fetch<T> {
        T of(HubHttp http, HubApi api, Listing listing) throws IOException;
    }

    private <T> T get(Wanted<T> wanted) {
        return fromCache(wanted).orElseGet(() -> {
            try (HubHttp http = new HubHttp(client.get(), settings)) {
                return fromHub(http, wanted);
            }
        });
    }

    /** The answer of the cache, if that is certain to be what the hub would say: offline, or at a commit. */
    private <T> Optional<T> fromCache(Wanted<T> wanted) {
        try {
            String revision = model.revisionOrDefault();
            if (settings.offline()) {
                CacheLookup.Found<T> found = cachedAtReference(wanted);
                Optional<String> commit = layout.referenced(revision);
                return Optional.of(found.result().orElseThrow(() -> errors.offline(found.missing(), commit)));
            }
            return ModelName.isCommit(revision) ? wanted.exact.at(revision).result() : Optional.empty();
        } catch (IOException e) {
            throw errors.disk("what is cached", e);
        }
    }

    private <T> CacheLookup.Found<T> cachedAtReference(Wanted<T> wanted) throws IOException {
        Optional<String> commit = layout.referenced(model.revisionOrDefault());
        return commit.isPresent() ? wanted.any.at(commit.get()) : CacheLookup.Found.nothing(wanted.missing);
    }

    /** The answer of the hub, of which only what the cache lacks is fetched. */
    private <T> T fromHub(HubHttp http, Wanted<T> wanted) {
        HubApi api = new HubApi(http, settings, model, cancellation);
        try {
            Optional<T> known = cachedAtReference(wanted).result();
            RetryPolicy retry = settings.transfer().retry();
            Listing listing;
            try {
                listing = api.listing(known.isPresent() ? retry.onlyOnce() : retry);
            } catch (IOException e) {
                LOG.log(
                        Level.WARNING,
                        "The hub could not be asked for {0} ({1}); using the cache if it has it",
                        model,
                        e);
                return known.orElseThrow(() -> errors.unreachable("the file list", settings.endpoint(), e));
            }
            return wanted.fetch.of(http, api, listing);
        } catch (IOException e) {
            throw errors.disk("files", e);
        }
    }

    private Optional<Path> present(String commit, String name) {
        if (!RepoPath.isSafe(name)) {
            return Optional.empty();
        }
        return Optional.of(layout.pointer(commit, name)).filter(Files::isRegularFile);
    }

    private Path fetch(HubHttp http, HubApi api, Listing listing, String name) throws IOException {
        if (!listing.files().containsKey(name)) {
            throw errors.noSuchFile(name, listing.files().keySet());
        }
        remember(listing, fetchMissing(http, api, listing, List.of(name)));
        return layout.pointer(listing.commit(), name);
    }

    private Snapshot fetch(HubHttp http, HubApi api, Listing listing, Optional<ModelFormat> format) throws IOException {
        Set<String> all = listing.files().keySet();
        String where = model.toString();
        boolean fetched = fetchMissing(http, api, listing, FileChoice.configurations(all, where));
        ConfiguredNames configured = FileChoice.configured(layout.snapshot(listing.commit()), where);
        FileChoice chosen = FileChoice.of(all, format, configured, where);
        List<String> names = new ArrayList<>(chosen.files());
        fetched |= fetchMissing(http, api, listing, names);
        if (chosen.index().isPresent()) {
            Path index = layout.pointer(listing.commit(), chosen.index().get());
            List<String> shards = FileChoice.shards(index, all, where);
            fetched |= fetchMissing(http, api, listing, shards);
            names.addAll(shards);
        }
        remember(listing, fetched);
        List<Path> paths = names.stream()
                .map(name -> layout.pointer(listing.commit(), name))
                .toList();
        Path weights = layout.pointer(listing.commit(), chosen.weights());
        return new Snapshot(layout.snapshot(listing.commit()), listing.commit(), weights, paths);
    }

    /** Stores new information in the cache. A complete cache may be read-only. */
    private void remember(Listing listing, boolean needed) throws IOException {
        try {
            new ListingStore(layout).write(listing);
            if (!listing.files().containsKey(CONFIG)) {
                layout.markAbsent(listing.commit(), CONFIG);
            }
            if (!ModelName.isCommit(model.revisionOrDefault())) {
                layout.reference(model.revisionOrDefault(), listing.commit());
            }
        } catch (IOException e) {
            if (needed) {
                throw e;
            }
            LOG.log(Level.DEBUG, "The cache could not be written to", e);
        }
    }

    private boolean fetchMissing(HubHttp http, HubApi api, Listing listing, List<String> names) throws IOException {
        List<RemoteFile> missing = new ArrayList<>();
        for (String name : names) {
            Listing.Entry listed = listing.files().get(name);
            if (!CacheLayout.isPresent(layout.pointer(listing.commit(), name), listed.size())) {
                missing.add(head(api, listing.commit(), name, listed));
            }
        }
        if (missing.isEmpty()) {
            return false;
        }
        Files.createDirectories(layout.snapshot(listing.commit()));
        Map<RemoteFile, Long> present = new LinkedHashMap<>();
        for (RemoteFile file : missing) {
            present.put(file, presentBytes(file));
        }
        demandSpace(present);
        Map<RemoteFile, FileProgress> progress = new LinkedHashMap<>();
        try {
            present.forEach(
                    (file, bytes) -> progress.put(file, new FileProgress(listener, file.name(), bytes, file.size())));
            for (RemoteFile file : missing) {
                fetchOne(http, listing.commit(), file, progress.get(file));
            }
        } finally {
            progress.values().forEach(FileProgress::close);
        }
        return true;
    }

    private RemoteFile head(HubApi api, String commit, String name, Listing.Entry listed) throws IOException {
        try {
            return api.head(commit, name, listed);
        } catch (HubApi.NoSuchEntryException e) {
            layout.markAbsent(commit, name);
            throw e.meaning();
        } catch (IOException e) {
            throw errors.unreachable(name, settings.endpoint(), e);
        }
    }

    /** Bytes of a file that need not be fetched: all, or what an earlier attempt left. */
    private long presentBytes(RemoteFile file) throws IOException {
        return CacheLayout.isPresent(layout.blob(file.hash()), file.size())
                ? file.size()
                : PartialFile.finishedBytes(layout.part(file.hash()), layout.ranges(file.hash()), file.size());
    }

    private void demandSpace(Map<RemoteFile, Long> present) throws IOException {
        long needed = 0;
        for (Map.Entry<RemoteFile, Long> file : present.entrySet()) {
            needed += file.getKey().size() - file.getValue();
        }
        long available = Files.getFileStore(layout.repository()).getUsableSpace();
        if (needed > available) {
            throw errors.noSpace(layout.cache(), needed, available);
        }
    }

    private void fetchOne(HubHttp http, String commit, RemoteFile file, FileProgress progress) throws IOException {
        CacheLock lock =
                CacheLock.acquire(layout.lock(file.hash()), cancellation, () -> progress.advanced(presentBytes(file)));
        try (lock) {
            Path blob = layout.blob(file.hash());
            if (!CacheLayout.isPresent(blob, file.size())) {
                fetchBlob(http, file, blob, progress);
            }
            layout.link(file.hash(), layout.pointer(commit, file.name()), settings.links());
        }
        progress.advanced(file.size()); // whoever fetched it
        progress.succeeded();
    }

    private void fetchBlob(HubHttp http, RemoteFile file, Path blob, FileProgress progress) throws IOException {
        TransferSettings transfer = settings.transfer();
        try (PartialFile partial = PartialFile.open(
                layout.part(file.hash()), layout.ranges(file.hash()), file.size(), transfer.partBytes())) {
            FileSource source = new FileSource(http, errors, file);
            try {
                new FileDownload(file, partial, source, errors, transfer, progress, cancellation).run();
            } catch (DiskException e) {
                throw e;
            } catch (IOException e) {
                throw errors.unreachable(file.name(), source.last(), e);
            }
            partial.moveTo(blob);
        }
    }
}
