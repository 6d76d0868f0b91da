package io.github.moshivis;

import io.github.moshivis.transcript.Word;
import java.util.List;

/**
 * Result of one frame of a transcription.
 *
 * @param tokens text tokens that were chosen: usually one, none in the first step of some models, more where the model was flushed
 * @param pauses probabilities of a pause, see {@link io.github.moshivis.transcript.Pause}; empty for a model without pause heads
 * @param words words that began, grew or became final, in this order of time; a word may be among them in several versions
 * @param endOfTurn true if the user stopped talking here, see {@link TranscriptionOptions#endOfTurn}
 */
public record TranscriptionStep(List<Integer> tokens, List<Double> pauses, List<Word> words, boolean endOfTurn) {
    /**
     * Copies the lists.
     *
     * @param tokens copied
     * @param pauses copied
     * @param words copied
     * @param endOfTurn as it is
     */
    public TranscriptionStep {
        tokens = List.copyOf(tokens);
        pauses = List.copyOf(pauses);
        words = List.copyOf(words);
    }
}
