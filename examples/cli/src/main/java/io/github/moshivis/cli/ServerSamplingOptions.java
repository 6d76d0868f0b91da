package io.github.moshivis.cli;

import io.github.moshivis.SamplingProfile;
import io.github.moshivis.SamplingSetting;
import io.github.moshivis.client.ChatSettings;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Sampling flags for a server. Flags that are not given are not sent, so the server's default applies. */
final class ServerSamplingOptions extends SamplingFlags {
    private static final List<SamplingSetting> LIMITS =
            List.of(SamplingSetting.TEXT_TOP_K, SamplingSetting.AUDIO_TOP_K);

    @Option(
            names = "--greedy",
            description = "Always take the most likely token: sets both top-k to 1, which all servers support.")
    private boolean greedy;

    @Override
    String describeDefault(SamplingSetting setting) {
        return "the server's, " + plain(setting, setting.defaultOf(SamplingProfile.WEB_PAGE)) + " with this project's";
    }

    /** Checks what can be checked without a server. */
    void check() {
        for (SamplingSetting limit : LIMITS) {
            Double given = values().get(limit);
            if (greedy && given != null && given != 1) {
                throw new IllegalArgumentException("--greedy sets " + limit.flag() + " to 1: found "
                        + plain(limit, given) + " beside it, expected none. Leave one of the options out");
            }
        }
    }

    /** Applies the given flags; the server's defaults apply to all others. */
    ChatSettings apply(ChatSettings defaults) {
        ChatSettings settings = defaults;
        for (Map.Entry<SamplingSetting, Double> value : values().entrySet()) {
            settings = settings.with(value.getKey(), value.getValue());
        }
        settings = greedy ? settings.greedy() : settings;
        settings = seed() == null ? settings : settings.textSeed(seed()).audioSeed(seed());
        settings = textSeed() == null ? settings : settings.textSeed(textSeed());
        return audioSeed() == null ? settings : settings.audioSeed(audioSeed());
    }
}
