package io.github.moshivis.loading;

import io.github.moshivis.layout.AdapterFiles;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.load.BundledModel;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.plugin.ModelRepository;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Predicate;

/** Resolves a name to local files: a path that exists, a
 * {@link BundledModel} on the class path, or a name that a {@link ModelRepository} understands. */
public final class Repositories {
    private Repositories() {}

    /**
     * A model's files.
     *
     * @param name a path, the name of a model on the class path, or a name such as {@code owner/name}
     * @param options revision, token and progress
     * @return its directory or language model file
     * @throws IllegalArgumentException if there is no such file and no repository has the name
     */
    public static Path model(String name, LoadOptions options) {
        return onDisk(name)
                .or(() -> BundledModel.find(name).map(BundledModel::directory))
                .orElseGet(() -> repository("model", name, candidate -> candidate.accepts(name))
                        .fetch(request(name, options.revision(), options)));
    }

    /** An adapter's files, if the options name one. Its revision stands in its name: that of the options is the model's. */
    static Optional<AdapterFiles> adapter(LoadOptions options) {
        return options.adapter()
                .map(name -> AdapterFiles.read(onDisk(name).orElseGet(() -> fetchAdapter(name, options))));
    }

    private static Path fetchAdapter(String name, LoadOptions options) {
        return repository("adapter", name, candidate -> candidate.acceptsFolder(name))
                .fetchFiles(
                        request(name, Optional.empty(), options),
                        List.of(ModelLayout.MOSHI_CONFIG, AdapterFiles.WEIGHTS));
    }

    private static ModelRepository.Request request(String name, Optional<String> revision, LoadOptions options) {
        return new ModelRepository.Request(name, revision, options.token(), options.progress());
    }

    private static Optional<Path> onDisk(String name) {
        try {
            return Optional.of(Path.of(name)).filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static ModelRepository repository(String what, String name, Predicate<ModelRepository> understands) {
        return ServiceLoader.load(ModelRepository.class, Repositories.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(understands)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Cannot load the " + what + " \"" + name
                        + "\": found no such file or directory, and no repository that understands the name, expected"
                        + " one of them. Check the path;"
                        + " for a name such as owner/name add the dependency io.github.moshivis:moshivis-hub, for \"nano\""
                        + " io.github.moshivis:moshivis-nano"));
    }
}
