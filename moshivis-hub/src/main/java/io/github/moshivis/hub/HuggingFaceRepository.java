package io.github.moshivis.hub;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.plugin.ModelRepository;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Repository of {@code MoshiVis.load("owner/name")}: the hub and the cache of the environment. Thread-safe. */
@SuppressWarnings("exports") // called by core only
public final class HuggingFaceRepository implements ModelRepository {
    private static final System.Logger LOG = System.getLogger(HuggingFaceRepository.class.getName());

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
        this.environment = Map.copyOf(Objects.requireNonNull(environment, "environment"));
    }

    /** True for {@code owner/name} and {@code owner/name@revision}. */
    @Override
    public boolean accepts(String name) {
        return ModelName.isModelName(name);
    }

    /** True for what {@link #accepts} accepts, and for {@code owner/name/FOLDER} and {@code owner/name/FOLDER@revision}. */
    @Override
    public boolean acceptsFolder(String name) {
        return RepositoryFolder.isFolderName(name);
    }

    /** As {@link Hub#download}, in the best format that the repository has; names the weights, beside which others may lie. */
    @Override
    public Path fetch(Request request) {
        ModelName model = ModelName.parse(request.name(), request.revision());
        HubSettings settings = settings(request);
        announce(request, settings);
        try (Hub hub = Hub.open(settings)) {
            return hub.download(model, Optional.empty(), request.progress()).weights();
        } catch (HubException e) {
            throw noPath(request, e);
        }
    }

    @Override
    public Path fetchFiles(Request request, List<String> files) {
        RepositoryFolder folder = RepositoryFolder.parse(request.name(), request.revision());
        HubSettings settings = settings(request);
        announce(request, settings);
        try (Hub hub = Hub.open(settings)) {
            Path directory = null;
            for (String file : files) {
                directory = hub.file(folder.repository(), folder.file(file), request.progress())
                        .getParent();
            }
            return directory;
        } catch (HubException e) {
            throw noPath(request, e);
        }
    }

    /** Said before anything is asked, as the name may be a mistyped path. */
    private static void announce(Request request, HubSettings settings) {
        LOG.log(
                Level.INFO,
                "There is no file or directory {0} here: {1}",
                request.name(),
                settings.offline() ? "looking for it in the cache" : "asking " + settings.endpoint());
    }

    private static HubException noPath(Request request, HubException e) {
        return new HubException(
                e.getMessage() + ". If " + request.name() + " is meant as a path: there is none in "
                        + Path.of("").toAbsolutePath(),
                e);
    }

    private HubSettings settings(Request request) {
        HubSettings settings = HubSettings.fromEnvironment(environment);
        return request.token().map(settings::token).orElse(settings);
    }

    /**
     * A folder of a repository: {@code owner/name/FOLDER} or {@code owner/name/FOLDER@revision}; without a folder, the repository's top.
     *
     * @param repository the repository and its revision
     * @param folder the folder, with {@code /} between its parts; empty for the top
     */
    private record RepositoryFolder(ModelName repository, String folder) {
        /**
         * Reads a name.
         *
         * @param text the folder's name
         * @param revision a branch, tag or commit; empty for the text's, or the default
         * @throws IllegalArgumentException if the text is of another form, or there are two revisions
         */
        static RepositoryFolder parse(String text, Optional<String> revision) {
            int at = text.indexOf('@');
            String path = at < 0 ? text : text.substring(0, at);
            int end = path.indexOf('/', path.indexOf('/') + 1); // of owner/name
            if (end < 0) {
                return new RepositoryFolder(ModelName.parse(text, revision), "");
            }
            String folder = path.substring(end + 1);
            if (!RepoPath.isSafe(folder)) {
                throw new IllegalArgumentException("Cannot use " + RepoPath.printable(text)
                        + " as a folder of a repository: found the folder " + RepoPath.printable(folder)
                        + ", expected names without '..', joined by '/', such as"
                        + " owner/name/checkpoints/checkpoint_000100/consolidated");
            }
            String repository = path.substring(0, end) + (at < 0 ? "" : text.substring(at));
            return new RepositoryFolder(ModelName.parse(repository, revision), folder);
        }

        /** Returns whether {@link #parse} accepts a text. */
        static boolean isFolderName(String text) {
            try {
                parse(text, Optional.empty());
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        /** The name in the repository of a file in the folder. */
        String file(String name) {
            return folder.isEmpty() ? name : folder + "/" + name;
        }
    }
}
