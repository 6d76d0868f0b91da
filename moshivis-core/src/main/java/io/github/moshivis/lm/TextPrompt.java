package io.github.moshivis.lm;

import java.util.Arrays;

/**
 * Text that a slot is to write before it writes freely: as long as tokens of it are left, nothing else can be chosen but the next of
 * them, a word's start and padding. Follows {@code stt_from_file_with_prompt_pytorch.py} of kyutai-labs/delayed-streams-modeling.
 */
final class TextPrompt {
    /** No prompt. */
    static final TextPrompt NONE = new TextPrompt(new int[0]);

    private final int[] tokens;
    private int used;

    TextPrompt(int[] tokens) {
        this.tokens = tokens.clone();
    }

    boolean isLeft() {
        return used < tokens.length;
    }

    /** Sets the biases of a row's logits: 0 for allowed tokens, minus infinity for all others. */
    void restrict(float[] addends, int from, int entries, int padding) {
        Arrays.fill(addends, from, from + entries, Float.NEGATIVE_INFINITY);
        addends[from + tokens[used]] = 0;
        addends[from + padding] = 0;
        addends[from + TextHistory.WORD_START] = 0;
    }

    /** Takes note of the token that was chosen. */
    void chosen(int token) {
        if (isLeft() && token == tokens[used]) {
            used++;
        }
    }
}
