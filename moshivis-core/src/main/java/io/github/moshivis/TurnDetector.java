package io.github.moshivis;

/**
 * Recognizes the end of a turn: the probability of a pause stays above a threshold for some frames, and a word was heard since the last
 * end. State of one transcription; one thread at a time.
 */
final class TurnDetector {
    private final int head;
    private final double threshold;
    private final int hold;
    private int frames;
    private boolean wordHeard;

    /**
     * Creates a detector.
     *
     * @param head index of the probability
     * @param threshold the probability that is exceeded in a pause
     * @param hold frames for which it has to be
     */
    TurnDetector(int head, double threshold, int hold) {
        this.head = head;
        this.threshold = threshold;
        this.hold = hold;
    }

    /** Takes the probabilities of a frame of the user. */
    void pauses(float[] probabilities) {
        boolean pause = head < probabilities.length && probabilities[head] > threshold;
        frames = pause ? frames + 1 : 0;
    }

    /** Takes note of a word. */
    void word() {
        wordHeard = true;
    }

    /** Tells whether there is a pause, after a word or not. */
    boolean isPause() {
        return frames >= hold;
    }

    /** Tells whether the turn has ended. */
    boolean isEnd() {
        return wordHeard && isPause();
    }

    /** Begins the next turn. */
    void next() {
        wordHeard = false;
    }

    /** Forgets the pause, as the model has done. */
    void restart() {
        frames = 0;
    }
}
