package io.github.moshivis.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.errors.HubException;
import java.io.IOException;
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
import java.util.regex.Pattern;

/**
 * The files of a repository that a model needs, chosen by an allow-list: configuration, text tokenizer, Mimi, the language
 * model's weights in one format. Small files come first, so that weights that are there mean that all else is.
 *
 * @param files names, without the shards that an {@link #index} names
 * @param weights the language model's file among them, or the index of its shards
 */
record ModelFiles(List<String> files, String weights) {
    private static final Pattern CONFIG = Pattern.compile("([^/]+[_-])?config\\.json|[^/]+\\.ya?ml");
    private static final Pattern TEXT_TOKENIZER = Pattern.compile("tokenizer_spm[^/]*\\.model");
    private static final Pattern MIMI = Pattern.compile("tokenizer-[^/]+\\.safetensors");

    private static final String WHOLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    /** The GGUF file of the released model, taken where there are several. */
    private static final String RELEASED_GGUF = "model.q8_0.gguf";

    /** What Candle's loader appends to the name without its last two extensions; the GGUF file holds no vision part. */
    private static final String VISION_SUFFIX = "_vision_tower_unquant.safetensors";

    /**
     * Chooses.
     *
     * @param names all files that are there
     * @param format the form wanted; empty for the first of {@link ModelFormat} that is there
     * @param where the repository or folder, for messages
     * @throws HubException if something that a model needs is not there
     */
    static ModelFiles choose(Collection<String> names, Optional<ModelFormat> format, String where) {
        SortedSet<String> sorted = new TreeSet<>(names);
        List<String> files = new ArrayList<>(matching(sorted, CONFIG));
        files.addAll(required(sorted, TEXT_TOKENIZER, "a text tokenizer (tokenizer_spm*.model)", where));
        files.addAll(required(sorted, MIMI, "a Mimi codec (tokenizer-*.safetensors)", where));
        ModelFormat chosen = format.or(() -> ModelFormat.among(sorted).stream().findFirst())
                .filter(ModelFormat.among(sorted)::contains)
                .orElseThrow(() -> missing(
                        "weights in the format "
                                + format.map(Object::toString).orElse("safetensors, mlx or gguf") + " (there are: "
                                + ModelFormat.among(sorted) + ")",
                        where));
        String weights =
                switch (chosen) {
                    case SAFETENSORS -> sorted.contains(WHOLE) ? WHOLE : INDEX;
                    case MLX_Q8, MLX_Q4 ->
                        sorted.stream().filter(chosen::matches).findFirst().orElseThrow();
                    case GGUF -> gguf(sorted, where);
                };
        files.add(weights);
        if (chosen == ModelFormat.GGUF) {
            files.add(vision(weights, sorted, where));
        }
        refuseCollisions(files, where);
        return new ModelFiles(List.copyOf(files), weights);
    }

    /** The index of the weights' shards, if they are in shards; to be {@linkplain #shards read} once it has been fetched. */
    Optional<String> index() {
        return weights.equals(INDEX) ? Optional.of(INDEX) : Optional.empty();
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

    private static String gguf(SortedSet<String> names, String where) {
        List<String> all = names.stream().filter(ModelFormat.GGUF::matches).toList();
        if (all.size() > 1 && !all.contains(RELEASED_GGUF)) {
            throw new HubException(
                    "Cannot choose the weights of " + where + ": found " + all + ", expected one .gguf file or "
                            + RELEASED_GGUF + " among them; download the one you want and load it by its path");
        }
        return all.size() == 1 ? all.get(0) : RELEASED_GGUF;
    }

    private static String vision(String weights, SortedSet<String> names, String where) {
        String vision = weights.replaceFirst("(\\.[^.]*)?\\.gguf$", "") + VISION_SUFFIX;
        if (!names.contains(vision)) {
            throw missing("the vision part " + vision + " of " + weights, where);
        }
        return vision;
    }

    private static List<String> matching(SortedSet<String> names, Pattern pattern) {
        return names.stream().filter(pattern.asMatchPredicate()).toList();
    }

    private static List<String> required(SortedSet<String> names, Pattern pattern, String what, String where) {
        List<String> found = matching(names, pattern);
        if (found.isEmpty()) {
            throw missing(what, where);
        }
        return found;
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
