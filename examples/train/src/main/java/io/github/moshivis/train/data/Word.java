package io.github.moshivis.train.data;

/**
 * A spoken word.
 *
 * @param text the word
 * @param start seconds from the start of the recording, or of the stretch that it is looked at in
 * @param end seconds
 * @param speaker who says it
 */
public record Word(String text, double start, double end, String speaker) {
    /** The label of the voice that the model learns, on the left channel. */
    public static final String MAIN = "SPEAKER_MAIN";

    Word earlierBy(double seconds) {
        return new Word(text, start - seconds, end - seconds, speaker);
    }
}
