package io.github.moshivis.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The segmentation with the highest sum of scores (Viterbi search over {@code unigram_model.cc}'s lattice, in float32 as there). Ties go to
 * the segmentation found first: earlier starts, then shorter pieces.
 */
final class UnigramSegmenter implements TextEncoder.Segmenter {
    /** A character without a piece scores this much less than the worst piece. */
    private static final float UNKNOWN_PENALTY = 10;

    /** User-defined pieces score as the best piece for each of their characters, less this. */
    private static final float USER_DEFINED_PENALTY = 0.1f;

    private final TextEncoder encoder;
    private final float unknownScore;
    private final float maxScore;

    UnigramSegmenter(TextEncoder encoder) {
        this.encoder = encoder;
        float least = Float.MAX_VALUE;
        float most = -Float.MAX_VALUE;
        for (int id = 0; id < encoder.vocabulary().size(); id++) {
            Vocabulary.Piece piece = encoder.piece(id);
            if (piece.type() == Vocabulary.Type.NORMAL) {
                least = Math.min(least, piece.score());
                most = Math.max(most, piece.score());
            }
        }
        this.unknownScore = least - UNKNOWN_PENALTY;
        this.maxScore = most;
    }

    @Override
    public List<String> pieces(String text) {
        int length = text.length();
        float[] best = new float[length + 1];
        int[] from = new int[length + 1];
        Arrays.fill(from, -1);
        for (int start = 0; start < length; ) {
            int character = Character.charCount(text.codePointAt(start));
            boolean single = false;
            for (int end = start + 1; end <= Math.min(length, start + encoder.maxLength); end++) {
                Integer id = encoder.ids.get(text.substring(start, end));
                if (id != null) {
                    reach(best, from, start, end, score(id));
                    single |= end == start + character;
                }
            }
            if (!single) {
                reach(best, from, start, start + character, unknownScore);
            }
            start += character;
        }
        List<String> pieces = new ArrayList<>();
        for (int end = length; end > 0; end = from[end]) {
            pieces.add(text.substring(from[end], end));
        }
        Collections.reverse(pieces);
        return pieces;
    }

    private static void reach(float[] best, int[] from, int start, int end, float score) {
        float candidate = best[start] + score;
        if (from[end] < 0 || candidate > best[end]) {
            best[end] = candidate;
            from[end] = start;
        }
    }

    private float score(int id) {
        Vocabulary.Piece piece = encoder.piece(id);
        return piece.type() == Vocabulary.Type.USER_DEFINED
                ? piece.text().codePointCount(0, piece.text().length()) * maxScore - USER_DEFINED_PENALTY
                : piece.score();
    }
}
