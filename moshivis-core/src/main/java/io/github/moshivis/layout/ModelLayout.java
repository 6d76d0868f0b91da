package io.github.moshivis.layout;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that make up a model, by form: the one list of names that the hub's allow-list, the loader and the converter go by. Knows
 * names only, all at the top of a directory or repository, and opens nothing.
 *
 * <p>A model consists of configuration files (all optional), a text tokenizer, the Mimi codec and the language model's weights in one
 * {@link Form}; PersonaPlex has {@value #VOICES} besides. A name in the configuration counts first ({@link ConfiguredNames}), then the released name, then the only file that is
 * called alike. Sources: kyutai-labs/moshivis, {@code LMConfig} in {@code kyuteye/config}, {@code rust/moshi-backend} and
 * {@code kyuteye_mlx}; the file lists of kyutai's repositories.
 */
public final class ModelLayout {
    /** The configuration file of a MoshiVis release. */
    public static final String YAML = "moshika-vis.yaml";

    /** Sizes and file names of plain Moshi, in the form of moshi's {@code CheckpointInfo}. */
    public static final String MOSHI_CONFIG = "config.json";

    /** Sizes of the codec, in the form of moshi's {@code _mimi_config}; no release has this file. */
    public static final String MIMI_CONFIG = "mimi_config.json";

    /** Sizes of the image encoder, in the form of transformers' {@code SiglipVisionConfig}; no release has this file. */
    public static final String SIGLIP_CONFIG = "siglip_config.json";

    /** The language model's file in every release that stores plain numbers. */
    public static final String LM = "model.safetensors";

    /** The index of the language model's shards, where it is stored in shards. */
    public static final String SHARD_INDEX = LM + ".index.json";

    /** The released GGUF file of the language model. */
    public static final String GGUF = "model.q8_0.gguf";

    /** Stored voices of a PersonaPlex release, which no other model has. */
    public static final String VOICES = "voices.tgz";

    /** The ending of the file with the image part of a GGUF file. */
    private static final String IMAGE_ENDING = "_vision_tower_unquant.safetensors";

    private static final Pattern CONFIGURATION = Pattern.compile("([^/]+[_-])?config\\.json|[^/]+\\.ya?ml");

    private ModelLayout() {}

    /** A file that belongs to a model in every form. */
    public enum Companion {
        /** The text tokenizer, a SentencePiece model. */
        TOKENIZER("tokenizer_spm_32k_3.model", "tokenizer_spm[^/]*\\.model"),
        /** Weights of the speech codec. */
        MIMI("tokenizer-e351c8d8-checkpoint125.safetensors", "tokenizer-[^/]+\\.safetensors");

        private final String released;
        private final Pattern names;

        Companion(String released, String names) {
            this.released = released;
            this.names = Pattern.compile(names);
        }

        /** The name in every release. */
        public String released() {
            return released;
        }

        /**
         * The files that may be it.
         *
         * @param names all names
         * @return those that are called like the released file, sorted
         */
        public List<String> candidates(Collection<String> names) {
            return names.stream().filter(this.names.asMatchPredicate()).sorted().toList();
        }

        /**
         * The file that a model without a name in its configuration uses.
         *
         * @param names all names
         * @return the released name if it is among them, else the only candidate; empty if there is none or several
         */
        public Optional<String> among(Collection<String> names) {
            return choose(names, released, candidates(names));
        }
    }

    /** The forms of a language model's weights by their file names, in the order of preference where there are several. */
    public enum Form {
        /** {@value ModelLayout#LM}, or shards with their index. */
        SAFETENSORS(LM, "model\\.safetensors(\\.index\\.json)?"),
        /** MLX, 8 bits. */
        MLX_Q8("model.q8.safetensors", "model\\.q8\\.safetensors"),
        /** MLX, 4 bits. */
        MLX_Q4("model.q4.safetensors", "model\\.q4\\.safetensors"),
        /** GGUF, the image part in a file of its own. */
        GGUF(ModelLayout.GGUF, "[^/]+\\.gguf");

        private final String released;
        private final Pattern names;

        Form(String released, String names) {
            this.released = released;
            this.names = Pattern.compile(names);
        }

        /**
         * The files that may be the weights.
         *
         * @param names all names
         * @return those that are called as weights in this form, sorted
         */
        public List<String> candidates(Collection<String> names) {
            return names.stream().filter(this.names.asMatchPredicate()).sorted().toList();
        }

        /**
         * The weights, or the index of their shards.
         *
         * @param names all names
         * @return the released name if it is among them, else the only candidate; empty if there is none or several
         */
        public Optional<String> among(Collection<String> names) {
            return choose(names, released, candidates(names));
        }

        /**
         * The forms that a list of files holds.
         *
         * @param names all names
         * @return the forms, in the order of preference
         */
        public static List<Form> in(Collection<String> names) {
            return Stream.of(values())
                    .filter(form -> !form.candidates(names).isEmpty())
                    .toList();
        }
    }

    private static Optional<String> choose(Collection<String> names, String released, List<String> candidates) {
        if (names.contains(released)) {
            return Optional.of(released);
        }
        return candidates.size() == 1 ? Optional.of(candidates.get(0)) : Optional.empty();
    }

    /**
     * The configuration files: small, and all of them are worth fetching.
     *
     * @param names all names
     * @return the names of configuration files, sorted
     */
    public static List<String> configurations(Collection<String> names) {
        return names.stream().filter(CONFIGURATION.asMatchPredicate()).sorted().toList();
    }

    /**
     * The name of the file that holds the image part of a GGUF file: the Rust back end replaces the last two extensions.
     *
     * @param gguf a name such as {@value #GGUF}
     * @return a name such as {@code model_vision_tower_unquant.safetensors}
     */
    public static String imageFile(String gguf) {
        return gguf.replaceFirst("(?<=.)(\\.[^.]*){1,2}$", "") + IMAGE_ENDING;
    }
}
