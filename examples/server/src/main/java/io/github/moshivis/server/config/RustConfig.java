package io.github.moshivis.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.server.chat.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Rust server's file: {@code Config} in {@code standalone.rs} and {@code stream_both.rs}. */
final class RustConfig {
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)}|(\\w+))");

    private static final int MAX_PORT = 65_535;

    private final Entries entries;
    private final Path file;
    private final Map<String, String> environment;
    private final Map<String, String> flags = new HashMap<>();

    private RustConfig(Entries entries, Path file, Map<String, String> environment) {
        this.entries = entries;
        this.file = file;
        this.environment = environment;
    }

    static ConfigFile of(JsonNode tree, Path file, Map<String, String> environment) {
        return new RustConfig(new Entries(tree, file), file, environment).read();
    }

    private ConfigFile read() {
        entries.text("instance_name").ifPresent(name -> flags.put("instance", name));
        entries.text("addr").ifPresent(host -> flags.put("host", host));
        entries.get("port").ifPresent(port -> flags.put("port", port(port)));
        path("static_dir").filter(Files::isDirectory).ifPresent(directory -> flags.put("static", directory.toString()));
        path("cert_dir").ifPresent(this::certificate);
        model();
        entries.addFlags(flags, ConfigFile.VOICE_FLAGS);
        Map<Setting, Double> forced =
                entries.get("force_session_config").map(this::forced).orElse(Map.of());
        return new ConfigFile(Map.copyOf(flags), Map.of(), forced, entries.others());
    }

    /** The file names are those of the Rust server. If they are missing, a certificate is generated. */
    private void certificate(Path directory) {
        Path certificate = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        if (Files.exists(certificate) && Files.exists(key)) {
            flags.put("tls-cert", certificate.toString());
            flags.put("tls-key", key.toString());
        }
    }

    /** If a file is missing, all are downloaded from the hub. */
    private void model() {
        Optional<Path> lm = path("lm_model_file");
        Optional<Path> mimi = path("mimi_model_file");
        Optional<Path> tokenizer = path("text_tokenizer_file");
        Optional<String> repository = entries.text("hf_repo");
        Optional<Path> missing = Stream.of(lm, mimi, tokenizer)
                .flatMap(Optional::stream)
                .filter(path -> !Files.exists(path))
                .findFirst();
        if (missing.isPresent() || lm.isEmpty()) {
            flags.put(
                    "model",
                    repository.orElseThrow(
                            () -> new IllegalArgumentException(
                                    "Cannot find the model of " + file.toAbsolutePath() + ": found no file "
                                            + missing.map(Path::toString).orElse("in lm_model_file")
                                            + ", expected it, or the name of a repository in hf_repo. Correct the configuration")));
            return;
        }
        flags.put("model", lm.get().toString());
        mimi.ifPresent(path -> flags.put("mimi", path.toString()));
        tokenizer.ifPresent(path -> flags.put("tokenizer", path.toString()));
    }

    private Optional<Path> path(String key) {
        return entries.text(key)
                .map(this::expanded)
                .filter(text -> !text.isBlank())
                .map(text -> entries.path(key, text));
    }

    private String port(JsonNode port) {
        double number = entries.number("port", port);
        if (number < 0 || number > MAX_PORT || number != Math.rint(number)) {
            throw entries.bad("port", port, "a whole number from 0 to " + MAX_PORT);
        }
        return Integer.toString((int) number);
    }

    /** An unset variable is empty. */
    private String expanded(String text) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        environment.getOrDefault(found.group(1) != null ? found.group(1) : found.group(2), "")));
    }

    /** Absent settings are off: {@code into_session_config}. */
    private Map<Setting, Double> forced(JsonNode node) {
        if (!node.isObject()) {
            throw entries.bad("force_session_config", node, "settings with names");
        }
        Entries session = new Entries(node, file);
        Map<Setting, Double> values = new EnumMap<>(Setting.class);
        for (Setting setting : new Setting[] {
            Setting.TEXT_TEMPERATURE,
            Setting.TEXT_TOPK,
            Setting.AUDIO_TEMPERATURE,
            Setting.AUDIO_TOPK,
            Setting.PAD_MULT,
            Setting.XA_START,
            Setting.TEXT_TEMPERATURE_GATING_INFLUENCE
        }) {
            session.number(setting.parameter()).ifPresent(value -> values.put(setting, value));
        }
        for (Setting off :
                new Setting[] {Setting.PAD_MULT, Setting.XA_START, Setting.TEXT_TEMPERATURE_GATING_INFLUENCE}) {
            values.putIfAbsent(off, 0.0);
        }
        values.put(Setting.REPETITION_PENALTY, 1.0);
        session.get("repetition_penalty").ifPresent(pair -> {
            if (!pair.isArray() || pair.size() != 2) {
                throw session.bad("repetition_penalty", pair, "a context and a penalty, such as [64, 1.15]");
            }
            values.put(Setting.REPETITION_PENALTY_CONTEXT, session.number("repetition_penalty", pair.get(0)));
            values.put(Setting.REPETITION_PENALTY, session.number("repetition_penalty", pair.get(1)));
        });
        return values;
    }
}
