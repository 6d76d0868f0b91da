/** Codec, audio sources and sinks, files, telephone formats and resampling. */
@SuppressWarnings("requires-automatic") // The libraries for Opus have no descriptors.
module io.github.moshivis.audio {
    requires com.sun.jna;
    requires concentus;
    requires opus.java.api;
    requires transitive io.github.moshivis;
    requires transitive java.desktop;
    requires static transitive org.jspecify;

    exports io.github.moshivis.audio;

    provides io.github.moshivis.plugin.Diagnosis with
            io.github.moshivis.audio.opus.OpusDiagnosis;
    provides io.github.moshivis.plugin.SoundFiles with
            io.github.moshivis.audio.WavSoundFiles;
    provides io.github.moshivis.plugin.tensor.SpeechCodec.Provider with
            io.github.moshivis.audio.mimi.MimiProvider;
}
