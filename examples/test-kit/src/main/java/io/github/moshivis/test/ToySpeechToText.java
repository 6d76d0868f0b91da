package io.github.moshivis.test;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.load.LoadOptions;
import java.nio.file.Path;

/**
 * A speech-to-text model of 1 MB for tests, which has every part of a released one and writes nonsense. It has the codec of {@link
 * ToyModel}, and its weights are the same on every machine, so that equal sounds give equal words. Used by any thread.
 */
public final class ToySpeechToText {
    private static final ToyDirectory FILES = new ToyDirectory(Checkpoint.Size.STT_TINY);

    private ToySpeechToText() {}

    /**
     * Returns the directory of the model's files, which is written at the first call and deleted when the Java process ends.
     *
     * @return a directory as {@link SpeechToText#load(Path)} takes it
     */
    public static Path directory() {
        return FILES.get();
    }

    /**
     * Loads the model for one transcription at a time.
     *
     * @return the model, to be closed by the caller
     */
    public static SpeechToText load() {
        return SpeechToText.load(directory());
    }

    /**
     * Loads the toy model of conversations with speech to text beside it.
     *
     * @param stt from {@link #load}; to be closed after the model
     * @return the model, to be closed by the caller
     */
    public static MoshiVis beside(SpeechToText stt) {
        return MoshiVis.load(ToyModel.directory(), LoadOptions.defaults(), stt);
    }
}
