package io.github.moshivis;

import io.github.moshivis.engine.StepResult;
import io.github.moshivis.engine.UserFrame;
import io.github.moshivis.recording.Recording;
import io.github.moshivis.transcript.Word;

/** The transcription beside one conversation: takes the user's frames, and passes the words to listeners and recording. */
final class UserTranscription {
    private final TranscriptionOptions options;
    private final boolean sharesCodec;
    private final Transcription transcription;
    /** Null for none. Set before the first frame, which brings the first result. */
    private Recording recording;

    /**
     * Starts.
     *
     * @param sharesCodec whether the codes of the conversation's codec are those of the model's
     */
    UserTranscription(TranscriptionOptions options, boolean sharesCodec) {
        this.options = options;
        this.sharesCodec = sharesCodec;
        transcription = Transcription.beside(options, this::record);
    }

    /** Lets words be recorded. Called before the first frame. */
    void recordTo(Recording value) {
        recording = value;
    }

    private void record(TranscriptionStep step) {
        if (recording != null) {
            step.words().stream().filter(Word::isFinal).forEach(recording::addUserWord);
        }
    }

    /** Takes what a conversation heard; never waits. */
    void hear(long frame, float[] samples, StepResult result) {
        transcription.hear(sharesCodec ? UserFrame.of(result.heardCodes()) : UserFrame.of(samples), frame);
    }

    /** Returns the transcription itself. */
    Transcription running() {
        return transcription;
    }

    /** Brings the last words, waiting no longer than the settings say. */
    void finish() {
        transcription.end();
        transcription.awaitQuietly(options.finishTimeout());
        transcription.close();
    }

    /** Ends at once. */
    void abandon() {
        transcription.close();
    }
}
