package io.github.moshivis.train.nano;

import java.util.Optional;

/**
 * A dialogue that was put together, with what the losses need to know.
 *
 * @param codes tokens [S][T]: text, the model's codes, the user's
 * @param heard the same with some past codes replaced, as they are read
 * @param picture what it is about
 * @param textWeights of each position
 * @param audioPositions positions whose codes are learned in this step
 * @param userWords number of the user's word that has just ended, by position; -1 for none
 * @param nextPieces the piece that the model will say next, by position; -1 for none
 * @param seen positions whose text follows from the picture
 */
record DialogueRow(
        long[][] codes,
        long[][] heard,
        Optional<Scene> picture,
        float[] textWeights,
        boolean[] audioPositions,
        long[] userWords,
        long[] nextPieces,
        boolean[] seen) {}
