package io.github.moshivis.server;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.programs.ModelFlags;
import io.github.moshivis.programs.OptionHeading;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flags of the served model, including the number of conversations. */
@OptionHeading("Model")
final class ServedModel {
    @Mixin
    private ModelFlags modelFlags;

    @Option(names = "--revision", paramLabel = "REV", description = "The branch, tag or commit of a model on the hub.")
    private String revision;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "4",
            description =
                    "Maximum number of conversations at a time. Their memory is allocated at startup. Default: 4.")
    private int slots;

    @Option(
            names = "--max-image-size",
            paramLabel = "N",
            defaultValue = "448",
            description = "Maximum side of resized pictures in pixels. Default: 448.")
    private int maxImageSize;

    @Option(
            names = "--stt",
            paramLabel = "DIR|FILE|OWNER/NAME[@REV]",
            description =
                    "A speech-to-text model, such as kyutai/stt-1b-en_fr-candle: transcribes callers for clients that"
                            + " request it, and enables /api/asr-streaming. Default: none.")
    private String stt;

    @Option(
            names = "--stt-slots",
            paramLabel = "N",
            description = "Maximum number of transcriptions at a time. Default: the value of --slots.")
    private Integer sttSlots;

    int slots() {
        return slots;
    }

    int maxImageSize() {
        return maxImageSize;
    }

    /** The model's name for callers: the last part of a path. */
    String shownName() {
        return modelFlags.shownName();
    }

    /** Tells whether the bundled nano model is served. */
    boolean isNano() {
        return modelFlags.model().isEmpty() && !modelFlags.isToy();
    }

    /** Loads the model; downloads a model on the hub first. */
    MoshiVis load() {
        LoadOptions options = modelFlags.apply(LoadOptions.defaults());
        options = options.maxConversations(slots).maxImageSize(maxImageSize);
        LoadOptions chosen = revision == null ? options : options.revision(revision);
        if (stt == null) {
            return modelFlags
                    .model()
                    .map(model -> MoshiVis.load(model, chosen))
                    .orElseGet(() -> MoshiVis.load(modelFlags.demo().model(), chosen));
        }
        SpeechToText listening =
                SpeechToText.load(stt, modelFlags.beside().maxConversations(sttSlots == null ? slots : sttSlots));
        try {
            return modelFlags
                    .model()
                    .map(model -> MoshiVis.load(model, chosen, listening))
                    .orElseGet(() -> MoshiVis.load(modelFlags.demo().model(), chosen, listening));
        } catch (RuntimeException | Error e) {
            listening.close();
            throw e;
        }
    }
}
