package io.github.moshivis.weights.names;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.filetype.FileType;
import io.github.moshivis.layout.ModelLayout;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a language model, recognized by their content, whatever their names. A GGUF file of the Rust back end has its image
 * part in a file of its own ({@link ModelLayout#imageFile}).
 */
public final class LanguageModelFiles {
    /** The image encoder's names in a candle checkpoint. */
    private static final String IMAGE_PREFIX = "image_prefix.";

    /** Number of the shards of a model that is in one file. */
    private static final String ONLY = "00001";

    /** One of several files of a model, as transformers and huggingface_hub name them. */
    private static final Pattern SHARD = Pattern.compile("(.+)-\\d{5}-of-(\\d{5})\\.safetensors");

    private LanguageModelFiles() {}

    /**
     * Opens a language model with all that belongs to it: a GGUF file of a model that sees images with the separate file of its image
     * part, if that exists.
     *
     * @param path a safetensors file, a shard index or a GGUF file
     * @return the open file, to be closed by the caller
     * @throws CheckpointException if one of the files is missing, unreadable or damaged
     */
    public static TensorFile open(Path path) {
        refuseSingleShard(path);
        TensorFile file = TensorFiles.open(path);
        try {
            Set<String> names = file.tensors().keySet();
            boolean whole = !TensorFiles.isGguf(path)
                    || !CheckpointFormat.seesImages(names)
                    || names.stream().anyMatch(name -> name.startsWith(IMAGE_PREFIX));
            Path image = whole ? path : imagePart(path);
            return whole || !Files.isRegularFile(image)
                    ? file
                    : TensorFiles.join(path, List.of(file, TensorFiles.open(image)));
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /**
     * The expected place of a language model's image part.
     *
     * @param model the language model's file
     * @return the same file or, for GGUF, one beside it
     */
    public static Path imagePart(Path model) {
        return TensorFiles.isGguf(model)
                ? model.resolveSibling(ModelLayout.imageFile(model.getFileName().toString()))
                : model;
    }

    /**
     * Looks through a directory.
     *
     * @param directory the directory, without those in it
     * @param other a file that is known to be another part of the model
     * @return the only file that holds a language model, or that should hold tensors and cannot be read; a shard index stands for its
     *     shards; empty if there is none
     * @throws CheckpointException naming all candidates if there are several, or if the directory cannot be read
     */
    public static Optional<Path> find(Path directory, Path other) {
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
                .filter(file -> !shards.contains(file)
                        && indexOf(file).filter(containers::contains).isEmpty())
                .filter(LanguageModelFiles::mayBeLanguageModel)
                .toList();
        candidates.forEach(LanguageModelFiles::refuseSingleShard);
        if (candidates.isEmpty()) {
            return standIn(directory, other);
        }
        if (candidates.size() > 1) {
            throw new CheckpointException("Cannot choose the language model in " + directory + ": found "
                    + candidates.stream().map(Path::getFileName).toList()
                    + ", expected one. Name the file that you want instead of the directory.");
        }
        return candidates.stream().findFirst();
    }

    /** A file with a model's name and other content, which opening it will report. */
    private static Optional<Path> standIn(Path directory, Path other) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.equals(other))
                    .filter(file -> !ModelLayout.Form.in(
                                    List.of(file.getFileName().toString()))
                            .isEmpty())
                    .filter(file -> FileType.of(file).isPresent())
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // it was readable a moment ago; the model is missing in any case
        }
    }

    /** The index of a shard by its name, even if it does not name the shard; empty for a file that is none by its name. */
    private static Optional<Path> indexOf(Path file) {
        Matcher shard = SHARD.matcher(file.getFileName().toString());
        return shard.matches()
                ? Optional.of(file.resolveSibling(shard.group(1) + ".safetensors.index.json"))
                : Optional.empty();
    }

    private static void refuseSingleShard(Path file) {
        Matcher shard = SHARD.matcher(file.getFileName().toString());
        if (shard.matches() && !shard.group(2).equals(ONLY)) {
            String index = shard.group(1) + ".safetensors.index.json";
            boolean there = Files.exists(file.resolveSibling(index));
            if (there) {
                ShardedSafetensors.places(file.resolveSibling(index)); // says what is wrong with it
            }
            throw new CheckpointException("Cannot load " + file.toAbsolutePath()
                    + " as a language model: found one of several shards, expected "
                    + (there ? "their index. Name " + index : "their index " + index + " beside them. Download it, too")
                    + ", or the directory instead");
        }
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
