package io.github.moshivis.server.chat;

import io.github.moshivis.SamplingOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Options for callers.
 *
 * @param instance the server's name, in metadata and file names
 * @param modelName model name for callers; never a path
 * @param image whether callers send a picture
 * @param imageWait maximum time to wait for a picture
 * @param idle maximum time without audio during a conversation
 * @param slots maximum number of conversations at a time
 * @param queue maximum number of waiting callers
 * @param maxDuration maximum length of a conversation
 * @param maxImageSize pixels a side that pictures are resized to at most
 * @param mostImageBytes how large a picture may be as it is sent
 * @param defaults settings that hold if callers say nothing, where they differ from {@link Setting}'s
 * @param forced settings that hold whatever callers say
 * @param record where talks are recorded
 * @param logTranscripts whether what the model says is logged
 * @param voices voices and the role, for a model that takes them
 */
public record ChatOptions(
        String instance,
        String modelName,
        ImageMode image,
        Duration imageWait,
        Duration idle,
        int slots,
        int queue,
        Optional<Duration> maxDuration,
        int maxImageSize,
        int mostImageBytes,
        Map<Setting, Double> defaults,
        Map<Setting, Double> forced,
        Optional<Path> record,
        boolean logTranscripts,
        VoiceOptions voices) {
    /** Returns the default value of a setting: the operator's, the model's own, or the page's. */
    double standard(Setting setting, SamplingOptions model) {
        double standard = setting.sampling().map(model::get).orElse(setting.standard());
        return forced.getOrDefault(setting, defaults.getOrDefault(setting, standard));
    }

    /** Pictures of callers. */
    public enum ImageMode {
        /** A caller without a picture is disconnected. */
        REQUIRED,
        /** A caller that sends none in time talks without one. */
        OPTIONAL,
        /** The conversation starts at once; pictures are refused. */
        NONE
    }
}
