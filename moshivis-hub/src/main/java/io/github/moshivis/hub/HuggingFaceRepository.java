package io.github.moshivis.hub;

import io.github.moshivis.spi.ModelRepository;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What {@code MoshiVis.load("owner/name")} uses: the hub and the cache that the environment names. Any thread's. */
public final class HuggingFaceRepository implements ModelRepository {
    private final Map<String, String> environment;

    /** Creates a repository that reads this process's environment when it is asked for a model. */
    public HuggingFaceRepository() {
        this(System.getenv());
    }

    /**
     * Creates a repository that reads an environment.
     *
     * @param environment names and values, as {@link HubSettings#fromEnvironment(Map)} takes them
     */
    public HuggingFaceRepository(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** True for {@code owner/name} and {@code owner/name@revision}. */
    @Override
    public boolean accepts(String name) {
        return ModelName.isModelName(name);
    }

    /** As {@link Hub#download}, in the best format that the repository has. */
    @Override
    public Path fetch(Request request) {
        HubSettings settings = HubSettings.fromEnvironment(environment);
        HubSettings withToken = request.token().map(settings::withToken).orElse(settings);
        try (Hub hub = Hub.open(withToken)) {
            return hub.download(name(request), Optional.empty(), request.progress())
                    .directory();
        }
    }

    private static ModelName name(Request request) {
        ModelName name = ModelName.parse(request.name());
        Optional<String> revision = request.revision();
        if (revision.isPresent() && name.revision().isPresent() && !revision.equals(name.revision())) {
            throw new IllegalArgumentException("Cannot load " + name + " at the revision "
                    + RepoPath.printable(revision.get()) + ": found two revisions, expected one; give it in one place");
        }
        return revision.map(name::withRevision).orElse(name);
    }
}
