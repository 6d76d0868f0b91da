package io.github.moshivis.server.chat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.SamplingOptions;
import io.github.moshivis.client.Message;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Information for callers about the server and their conversation. The reference's web page shows it if it has all fields of its schema
 * ({@code useServerInfo.ts}), and ignores others.
 */
final class ServerInfo {
    /** Fields of the reference server's build information; ours is known by its version. */
    private static final List<String> UNKNOWN =
            List.of("build_timestamp", "build_date", "git_branch", "git_timestamp", "git_date", "git_hash");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChatOptions options;

    ServerInfo(ChatOptions options) {
        this.options = options;
    }

    /** Describes the server and the settings of one caller. */
    Message.Metadata metadata(Query query, String baseFilename, String ratingKey) {
        ObjectNode all = JSON.createObjectNode();
        query.values().forEach((setting, value) -> put(all, setting.parameter(), value));
        all.put("center_crop", query.centerCrop());
        query.voicePrompt().ifPresent(voice -> all.put("voice_prompt", voice));
        query.textPrompt().ifPresent(role -> all.put("text_prompt", role));
        all.put("lm_model_file", options.modelName());
        all.put("mimi_model_file", "");
        all.put("instance_name", options.instance());
        all.put("base_filename", baseFilename);
        all.put("rating_key", ratingKey);
        all.set("build_info", build());
        if (!query.clamped().isEmpty()) {
            ObjectNode clamped = all.putObject("clamped");
            query.clamped().forEach((setting, asked) -> {
                ObjectNode one = clamped.putObject(setting.parameter());
                put(one, "asked", asked);
                put(one, "used", query.values().get(setting));
            });
        }
        return new Message.Metadata(all.toString());
    }

    private static void put(ObjectNode node, String name, double value) {
        if (value == Math.rint(value) && Math.abs(value) < Long.MAX_VALUE) {
            node.put(name, (long) value);
        } else {
            node.put(name, value);
        }
    }

    private static ObjectNode build() {
        String version = ServerInfo.class.getPackage().getImplementationVersion();
        ObjectNode build = JSON.createObjectNode();
        UNKNOWN.forEach(name -> build.put(name, "unknown"));
        build.put("git_describe", "moshivis-java " + (version == null ? "unpackaged" : version));
        build.put("rustc_version", "Java " + System.getProperty("java.version"));
        String host = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        build.put("rustc_host_triple", host);
        build.put("cargo_target_triple", host);
        return build;
    }

    /** Describes the server to a page before it connects. */
    String config(boolean token, boolean nano, Optional<ModelFeatures> model) {
        ObjectNode all = JSON.createObjectNode();
        all.put("image", options.image().name().toLowerCase(Locale.ROOT));
        all.put("token", token);
        all.put("nano", nano);
        all.put("maxImageBytes", options.mostImageBytes());
        options.maxDuration()
                .ifPresentOrElse(
                        longest -> all.put("maxDurationSeconds", longest.toMillis() / 1000.0),
                        () -> all.putNull("maxDurationSeconds"));
        model.flatMap(ModelFeatures::menu)
                .ifPresentOrElse(prompts -> all.set("prompts", prompts(prompts)), () -> all.putNull("prompts"));
        SamplingOptions sampling = model.map(ModelFeatures::sampling).orElse(ModelFeatures.NO_MODEL);
        ObjectNode settings = all.putObject("settings");
        for (Setting setting : Setting.values()) {
            ObjectNode one = settings.putObject(setting.parameter());
            for (Map.Entry<String, Double> entry : limits(setting, sampling).entrySet()) {
                put(one, entry.getKey(), entry.getValue());
            }
        }
        return all.toString();
    }

    /** The choice of voices and the role, for a model that takes them. */
    private static ObjectNode prompts(VoiceMenu menu) {
        ObjectNode all = JSON.createObjectNode();
        menu.names().forEach(all.putArray("voices")::add);
        all.put("voice", menu.voice().orElse(null));
        all.put("role", menu.role().orElse(null));
        return all;
    }

    private Map<String, Double> limits(Setting setting, SamplingOptions sampling) {
        Setting.Slider slider = setting.slider();
        double max = setting.clamp(slider.max(), options.maxImageSize());
        return Map.of(
                "default",
                setting.clamp(options.standard(setting, sampling), options.maxImageSize()),
                "min",
                Math.min(slider.min(), max),
                "max",
                max,
                "step",
                slider.step());
    }
}
