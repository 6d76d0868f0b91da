package io.github.moshivis.hub;

import io.github.moshivis.plugin.ModelRepository;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The repository behind {@code MoshiVis.load("owner/name")}: the hub and the cache that the environment names. Thread-safe. */
@SuppressWarnings("exports") // called by core only
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

    /** As {@link Hub#download}, in the best format that the repository has; names the weights, beside which others may lie. */
    @Override
    public Path fetch(Request request) {
        try (Hub hub = open(request)) {
            ModelName model = ModelName.parse(request.name(), request.revision());
            return hub.download(model, Optional.empty(), request.progress()).weights();
        }
    }

    @Override
    public Path fetchFiles(Request request, List<String> files) {
        ModelName repository = ModelName.parse(request.name(), request.revision());
        try (Hub hub = open(request)) {
            Path directory = null;
            for (String file : files) {
                directory = hub.file(repository, file, request.progress()).getParent();
            }
            return directory;
        }
    }

    private Hub open(Request request) {
        HubSettings settings = HubSettings.fromEnvironment(environment);
        return Hub.open(request.token().map(settings::withToken).orElse(settings));
    }
}
