/**
 * Spoken conversations about pictures: API, model and engine. Begin with {@link io.github.moshivis.MoshiVis}.
 *
 * <p>Packages that are exported to named modules only are for the other modules of this project, and promise nothing to anyone else.
 * LibTorch's natives are modules of their own that nothing requires: an application names them, see {@code docs/module-path.md}.
 */
@SuppressWarnings("module") // The modules that the qualified exports name are compiled after this one.
module io.github.moshivis {
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.yaml;
    requires jdk.jfr;
    requires org.bytedeco.javacpp;
    requires org.bytedeco.openblas;
    requires org.bytedeco.pytorch;
    requires static org.bytedeco.cuda;
    requires static transitive org.jspecify;

    exports io.github.moshivis;
    exports io.github.moshivis.checkpoint;
    exports io.github.moshivis.errors;
    exports io.github.moshivis.io;
    exports io.github.moshivis.load;
    exports io.github.moshivis.transcript;
    exports io.github.moshivis.filetype to
            io.github.moshivis.audio,
            io.github.moshivis.vision;
    exports io.github.moshivis.layout to
            io.github.moshivis.audio,
            io.github.moshivis.hub,
            io.github.moshivis.vision;
    exports io.github.moshivis.nn to
            io.github.moshivis.audio,
            io.github.moshivis.vision;
    exports io.github.moshivis.plugin to
            io.github.moshivis.audio,
            io.github.moshivis.hub;
    exports io.github.moshivis.plugin.tensor to
            io.github.moshivis.audio,
            io.github.moshivis.vision;
    exports io.github.moshivis.stream to
            io.github.moshivis.audio;
    exports io.github.moshivis.tensor to
            io.github.moshivis.audio,
            io.github.moshivis.vision;
    exports io.github.moshivis.weights to
            io.github.moshivis.audio,
            io.github.moshivis.vision;
    exports io.github.moshivis.weights.quant to
            io.github.moshivis.audio;

    uses io.github.moshivis.plugin.Diagnosis;
    uses io.github.moshivis.plugin.ModelRepository;
    uses io.github.moshivis.plugin.SoundFiles;
    uses io.github.moshivis.plugin.tensor.ImageEncoder.Provider;
    uses io.github.moshivis.plugin.tensor.SpeechCodec.Provider;
}
