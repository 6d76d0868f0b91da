package io.github.moshivis.server;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.programs.ModelFlags;
import io.github.moshivis.programs.OptionHeading;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the model that is served, with the number of its conversations. */
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
            description = "Callers that talk at once. Memory for all of them is taken at the start. Default: 4.")
    private int slots;

    @Option(
            names = "--max-image-size",
            paramLabel = "N",
            defaultValue = "448",
            description = "Maximum pixels a side that callers may have their pictures resized to. Default: 448.")
    private int maxImageSize;

    @Option(
            names = "--stt",
            paramLabel = "DIR|FILE|OWNER/NAME[@REV]",
            description =
                    "A speech-to-text model, such as kyutai/stt-1b-en_fr-candle: what callers say is written down for"
                            + " clients that ask for it, and /api/asr-streaming is served. Default: none.")
    private String stt;

    @Option(
            names = "--stt-slots",
            paramLabel = "N",
            description = "Voices that are transcribed at once. Default: as many as callers.")
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

    /** Loads the model; a model of the hub is fetched first. */
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
        } catch (RuntimeException e) {
            listening.close();
            throw e;
        }
    }
}
