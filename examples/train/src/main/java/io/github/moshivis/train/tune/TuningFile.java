package io.github.moshivis.train.tune;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.moshivis.filetype.FileType;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.UserAlignment;
import io.github.moshivis.loading.Repositories;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.train.data.CodeNoise;
import io.github.moshivis.train.model.LossWeights;
import io.github.moshivis.train.tune.TuningSettings.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A run's YAML file, with the keys and defaults of moshi-finetune ({@code finetune/args.py}) and a few of our own: {@code vision.enable}
 * trains the vision adapters, {@code noise} replaces some of the codes that the model reads, {@code audio_weight} weighs their loss,
 * {@code user_alignment} selects the back end of the result, {@code threads} and {@code device} the place of the computation.
 */
public final class TuningFile {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** The longest row: more than any model's context. */
    private static final int MAX_SECONDS = 3600;

    private static final int MAX_ROWS = 65_536;
    private static final int MAX_STEPS = 999_999_999;
    private static final int MAX_RANK = 65_536;
    private static final int MAX_THREADS = 1024;

    /** Bound of weights and rates, beyond which nothing is learned. */
    private static final double MAX_WEIGHT = 1e6;

    /** Keys by their parents; those of wandb are accepted and unused. */
    private static final Map<String, Set<String>> KEYS = Map.of(
            "",
            Set.of(
                    "data",
                    "run_dir",
                    "moshi_paths",
                    "first_codebook_weight_multiplier",
                    "text_padding_weight",
                    "audio_weight",
                    "optim",
                    "seed",
                    "num_microbatches",
                    "duration_sec",
                    "batch_size",
                    "max_norm",
                    "max_steps",
                    "log_freq",
                    "ckpt_freq",
                    "save_adapters",
                    "do_ckpt",
                    "num_ckpt_keep",
                    "eval_freq",
                    "do_eval",
                    "gradient_checkpointing",
                    "wandb",
                    "lora",
                    "vision",
                    "noise",
                    "full_finetuning",
                    "param_dtype",
                    "overwrite_run_dir",
                    "user_alignment",
                    "threads",
                    "device"),
            "data",
            Set.of("train_data", "eval_data", "shuffle"),
            "moshi_paths",
            Set.of("hf_repo_id", "moshi_path"),
            "optim",
            Set.of("lr", "weight_decay", "pct_start"),
            "lora",
            Set.of("enable", "rank", "scaling", "ft_embed"),
            "vision",
            Set.of("enable"),
            "noise",
            Set.of("model", "user"));

    private final Path file;
    private final JsonNode root;

    private TuningFile(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Reads a file.
     *
     * @param file the YAML
     * @return its settings; relative paths start from the working directory
     * @throws IllegalArgumentException naming the key that is unknown, wrong or contradicts another
     */
    public static TuningSettings read(Path file) {
        Optional<FileType> type = FileType.of(file).filter(found -> found != FileType.JSON && found != FileType.TEXT);
        if (type.isPresent()) {
            throw new IllegalArgumentException("Cannot read the training file " + file + ": found "
                    + type.get().description() + ", expected YAML. "
                    + type.get().remedy("training file").orElse("Give the YAML file of the training"));
        }
        try {
            TuningFile yaml = new TuningFile(file, YAML.readTree(file.toFile()));
            yaml.checkKeys();
            return yaml.settings();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read the training file " + file + ": found " + e + ", expected YAML", e);
        }
    }

    private void checkKeys() {
        checkKeys("", root);
        root.properties().forEach(entry -> {
            if (KEYS.containsKey(entry.getKey())) {
                checkKeys(entry.getKey(), entry.getValue());
            }
        });
    }

    private void checkKeys(String parent, JsonNode node) {
        node.fieldNames().forEachRemaining(key -> {
            if (!KEYS.get(parent).contains(key)) {
                throw wrong(parent.isEmpty() ? key : parent + "." + key, "a key", "one of " + KEYS.get(parent));
            }
        });
    }

    private IllegalArgumentException wrong(String key, Object found, String expected) {
        return new IllegalArgumentException(
                "Cannot use \"" + key + "\" in " + file + ": found " + found + ", expected " + expected);
    }

    private JsonNode node(String key) {
        JsonNode node = root;
        for (String part : key.split("\\.")) {
            node = node.path(part);
        }
        return node;
    }

    private double number(String key, double fallback, double least, double most) {
        JsonNode node = node(key);
        double value = node.isMissingNode() || node.isNull() ? fallback : node.asDouble(Double.NaN);
        if (!(value >= least && value <= most)) {
            throw wrong(key, node, "a number from " + plain(least) + " to " + plain(most));
        }
        return value;
    }

    private static String plain(double number) {
        return new BigDecimal(String.valueOf(number)).stripTrailingZeros().toPlainString();
    }

    private int count(String key, int fallback, int least) {
        return count(key, fallback, least, Integer.MAX_VALUE);
    }

    private int count(String key, int fallback, int least, int most) {
        double value = number(key, fallback, least, most);
        if (value != Math.rint(value)) {
            throw wrong(key, value, "a whole number");
        }
        return (int) value;
    }

    private boolean flag(String key, boolean fallback) {
        JsonNode node = node(key);
        if (!node.isMissingNode() && !node.isBoolean()) {
            throw wrong(key, node, "true or false");
        }
        return node.asBoolean(fallback);
    }

    private Optional<String> text(String key) {
        return Optional.ofNullable(node(key).textValue()).filter(value -> !value.isBlank());
    }

    private String required(String key, String what) {
        return text(key).orElseThrow(() -> wrong(key, "nothing", what));
    }

    private TuningSettings settings() {
        boolean evaluates = flag("do_eval", false);
        return new TuningSettings(
                model(),
                new TuningSettings.Data(
                        required("data.train_data", "jsonl files or directories of them"),
                        flag("data.shuffle", false),
                        alignment(),
                        new CodeNoise(number("noise.model", 0, 0, 1), number("noise.user", 0, 0, 1))),
                text("data.eval_data").filter(data -> evaluates),
                target(),
                new LossWeights(
                        number("text_padding_weight", 0.5, 0, MAX_WEIGHT),
                        number("first_codebook_weight_multiplier", 1, 0, MAX_WEIGHT),
                        number("audio_weight", 1, 0, MAX_WEIGHT)),
                new TuningSettings.Batch(
                        number("duration_sec", 10, 0.08, MAX_SECONDS),
                        count("batch_size", 1, 1, MAX_ROWS),
                        count("num_microbatches", 1, 1, MAX_ROWS),
                        count("max_steps", 100, 1, MAX_STEPS)),
                new TuningSettings.Optimizer(
                        number("optim.lr", 1e-4, 0, MAX_WEIGHT),
                        number("optim.weight_decay", 0.1, 0, MAX_WEIGHT),
                        number("optim.pct_start", 0.05, 0, 1),
                        number("max_norm", 1, 0, Double.MAX_VALUE)),
                new TuningSettings.Checkpoints(
                        flag("do_ckpt", true), count("ckpt_freq", 0, 0), keep(), count("eval_freq", 0, 0)),
                Path.of(required("run_dir", "a directory to write to")),
                dtype(),
                Device.parse(text("device").orElse("cpu")),
                count("threads", Runtime.getRuntime().availableProcessors(), 1, MAX_THREADS),
                flag("gradient_checkpointing", true),
                count("seed", 0, 0),
                count("log_freq", 1, 1));
    }

    /** A model by the name that the reference gives it, which may be a directory here. */
    private Path model() {
        String name = text("moshi_paths.moshi_path")
                .orElseGet(() -> required("moshi_paths.hf_repo_id", "a model's directory or its name on the hub"));
        return Repositories.model(name, LoadOptions.defaults());
    }

    private Optional<Integer> keep() {
        return node("num_ckpt_keep").isNull() ? Optional.empty() : Optional.of(count("num_ckpt_keep", 3, 1));
    }

    private UserAlignment alignment() {
        String name = text("user_alignment").orElse("pytorch");
        return switch (name) {
            case "pytorch" -> UserAlignment.PYTORCH;
            case "rust" -> UserAlignment.RUST;
            default -> throw wrong("user_alignment", name, "pytorch or rust");
        };
    }

    private DType dtype() {
        String name = text("param_dtype").orElse("bfloat16");
        return switch (name) {
            case "bfloat16" -> DType.BF16;
            case "float32" -> DType.F32;
            default -> throw wrong("param_dtype", name, "bfloat16 or float32");
        };
    }

    private TuningSettings.Target target() {
        boolean full = flag("full_finetuning", false);
        boolean lora = flag("lora.enable", false);
        boolean vision = flag("vision.enable", false);
        if (full == (lora || vision)) {
            throw wrong(
                    "full_finetuning, lora.enable, vision.enable",
                    full + ", " + lora + ", " + vision,
                    "the first alone to be true, or one or both of the others");
        }
        Kind kind = full ? Kind.FULL : !vision ? Kind.LORA : lora ? Kind.VISION_AND_LORA : Kind.VISION;
        boolean adapter = flag("save_adapters", !full);
        if (full && adapter) {
            throw wrong("save_adapters", true, "false where everything is trained");
        }
        return new TuningSettings.Target(
                kind,
                count("lora.rank", 64, 1, MAX_RANK),
                number("lora.scaling", 2, 0, MAX_WEIGHT),
                flag("lora.ft_embed", false),
                adapter);
    }
}
