package io.github.moshivis.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.errors.HubException;
import io.github.moshivis.layout.ConfiguredNames;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.layout.ModelLayout.Companion;
import io.github.moshivis.layout.ModelLayout.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The files of a repository that a model needs, chosen by an allow-list ({@link ModelLayout}): configuration, text tokenizer, Mimi, stored
 * voices if there are any, the language model's weights in one format. What is chosen is what core loads: see {@link ConfiguredNames} for the names that the
 * configuration decides. Small files come first, so that weights that are there mean that all else is.
 *
 * @param files names, without the shards that an {@link #index} names
 * @param weights the language model's file among them, or the index of its shards
 */
record FileChoice(List<String> files, String weights) {
    /**
     * Chooses.
     *
     * @param names all files that are there
     * @param format the form wanted; empty for the first of {@link ModelFormat} that is there
     * @param configured the names in the configuration, whose files are fetched first
     * @param where the repository or folder, for messages
     * @throws HubException if something that a model needs is not there, or if it is unclear which file it is
     */
    static FileChoice of(
            Collection<String> names, Optional<ModelFormat> format, ConfiguredNames configured, String where) {
        List<String> files = new ArrayList<>(ModelLayout.configurations(names));
        files.add(companion(
                Companion.TOKENIZER, configured.tokenizer(), names, "a text tokenizer (tokenizer_spm*.model)", where));
        files.add(companion(Companion.MIMI, configured.mimi(), names, "a Mimi codec (tokenizer-*.safetensors)", where));
        if (names.contains(ModelLayout.VOICES)) {
            files.add(ModelLayout.VOICES);
        }
        Form form = form(names, format, where);
        String weights = form.among(names).orElseThrow(() -> severalWeights(form.candidates(names), where));
        files.add(weights);
        if (form == Form.GGUF) {
            image(weights, names, configured, where).ifPresent(files::add);
        }
        refuseCollisions(files, where);
        return new FileChoice(List.copyOf(files), weights);
    }

    /**
     * The configuration files, which are fetched first: they may name the others.
     *
     * @throws HubException if two files that may belong to a model differ in case only
     */
    static List<String> configurations(Collection<String> names, String where) {
        List<String> configurations = ModelLayout.configurations(names);
        List<String> all = new ArrayList<>(configurations);
        for (Companion kind : Companion.values()) {
            all.addAll(kind.candidates(names));
        }
        refuseCollisions(all, where);
        return configurations;
    }

    /** Reads the names in a configuration that has been fetched. */
    static ConfiguredNames configured(Path snapshot, String where) {
        try {
            return Files.isDirectory(snapshot) ? ConfiguredNames.read(snapshot) : ConfiguredNames.NONE;
        } catch (CheckpointException e) {
            throw new HubException("Cannot use " + where + " as a MoshiVis model: " + e.getMessage(), e);
        }
    }

    private static Form form(Collection<String> names, Optional<ModelFormat> format, String where) {
        List<Form> there = Form.in(names);
        return there.stream()
                .filter(form -> format.isEmpty() || format.get().form() == form)
                .findFirst()
                .orElseThrow(() -> missing(
                        "weights in the format "
                                + format.map(Object::toString).orElse("safetensors, mlx or gguf") + " (there are: "
                                + there.stream().map(ModelFormat::of).toList() + ")",
                        where));
    }

    private static String companion(
            Companion kind, Optional<String> configured, Collection<String> names, String what, String where) {
        if (configured.isPresent()) {
            return configured
                    .filter(names::contains)
                    .orElseThrow(() ->
                            missing(what + ": its configuration names " + RepoPath.printable(configured.get()), where));
        }
        List<String> candidates = kind.candidates(names);
        if (candidates.isEmpty()) {
            throw missing(what, where);
        }
        return kind.among(names)
                .orElseThrow(() -> new HubException("Cannot use " + where + " as a MoshiVis model: found " + candidates
                        + ", expected " + what + " called " + kind.released()
                        + ", or only one, or one that the configuration names;"
                        + " download the one you want and name it to the loader"));
    }

    /** The index of the weights' shards, if they are in shards; to be {@linkplain #shards read} once it has been fetched. */
    Optional<String> index() {
        return weights.equals(ModelLayout.SHARD_INDEX) ? Optional.of(weights) : Optional.empty();
    }

    /**
     * The shards that a fetched index names.
     *
     * @throws HubException if it cannot be read, or names something that is no file of the repository
     */
    static List<String> shards(Path index, Collection<String> names, String where) {
        SortedSet<String> shards = new TreeSet<>();
        try {
            for (JsonNode shard : new ObjectMapper().readTree(index.toFile()).path("weight_map")) {
                shards.add(shard.asText());
            }
        } catch (IOException e) {
            throw new HubException(
                    "Cannot read the shard index " + index + ": expected JSON; remove the model from the cache"
                            + " and fetch it again",
                    e);
        }
        for (String shard : shards) {
            if (!RepoPath.isSafe(shard) || !names.contains(shard)) {
                throw missing("the shard " + RepoPath.printable(shard) + " that its index names", where);
            }
        }
        if (shards.isEmpty()) {
            throw missing("any shard in the weight_map of its index", where);
        }
        List<String> files = List.copyOf(shards);
        refuseCollisions(files, where);
        return files;
    }

    private static HubException severalWeights(List<String> all, String where) {
        return new HubException("Cannot choose the weights of " + where + ": found " + all
                + ", expected one .gguf file or " + ModelLayout.GGUF
                + " among them; download the one you want and load it by its path");
    }

    /** The image part of a GGUF file. Only MoshiVis needs it; without a configuration of it, the model may be plain Moshi. */
    private static Optional<String> image(
            String weights, Collection<String> names, ConfiguredNames configured, String where) {
        String image = ModelLayout.imageFile(weights);
        if (configured.vis() && !names.contains(image)) {
            throw missing("the vision part " + image + " of " + weights, where);
        }
        return Optional.of(image).filter(names::contains);
    }

    /** On file systems that ignore case, two such names would be one file. */
    private static void refuseCollisions(List<String> files, String where) {
        Map<String, String> seen = new HashMap<>();
        for (String file : files) {
            String other = seen.put(file.toLowerCase(Locale.ROOT), file);
            if (other != null) {
                throw new HubException("Cannot fetch " + where + ": found both " + other + " and " + file
                        + ", expected names that differ in more than case; report it to the repository's owner");
            }
        }
    }

    private static HubException missing(String what, String where) {
        return new HubException("Cannot use " + where + " as a MoshiVis model: it lacks " + what
                + "; expected weights, Mimi codec and text tokenizer side by side, as in kyutai/moshika-vis-pytorch-bf16;"
                + " check the name and the revision");
    }
}
