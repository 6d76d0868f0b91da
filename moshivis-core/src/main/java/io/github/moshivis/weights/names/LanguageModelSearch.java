package io.github.moshivis.weights.names;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.weights.file.ShardedSafetensors;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds a directory's language model by what its files hold, whatever they are called. */
public final class LanguageModelSearch {
    private LanguageModelSearch() {}

    /**
     * Looks through a directory.
     *
     * @param directory the directory, without those in it
     * @param other a file that is known to be another part of the model
     * @return the only file that holds a language model, or that should hold tensors and cannot be read; a shard index stands for its
     *     shards; empty if there is none
     * @throws CheckpointException naming all candidates if there are several, or if the directory cannot be read
     */
    public static Optional<Path> in(Path directory, Path other) {
        List<Path> containers;
        try (Stream<Path> files = Files.list(directory)) {
            containers = files.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(other))
                    .filter(TensorFiles::isContainer)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot look for a model in " + directory + ": found " + e
                            + ", expected a readable directory. Check its permissions.",
                    e);
        }
        Set<Path> shards = new HashSet<>();
        containers.stream().filter(TensorFiles::isShardIndex).forEach(index -> shards.addAll(shardsOf(index)));
        List<Path> candidates = containers.stream()
                .filter(file -> !shards.contains(file))
                .filter(LanguageModelSearch::mayBeLanguageModel)
                .toList();
        if (candidates.size() > 1) {
            throw new CheckpointException("Cannot choose the language model in " + directory + ": found "
                    + candidates.stream().map(Path::getFileName).toList()
                    + ", expected one. Name the file that you want instead of the directory.");
        }
        return candidates.stream().findFirst();
    }

    private static List<Path> shardsOf(Path index) {
        try {
            return ShardedSafetensors.places(index).values().stream()
                    .distinct()
                    .map(index::resolveSibling)
                    .toList();
        } catch (CheckpointException e) {
            return List.of(); // a candidate itself, which says what is wrong once it is opened
        }
    }

    private static boolean mayBeLanguageModel(Path file) {
        try (TensorFile open = TensorFiles.open(file)) {
            return CheckpointFormat.of(open.tensors().keySet()).isPresent();
        } catch (CheckpointException e) {
            return true;
        }
    }
}
