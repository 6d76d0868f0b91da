package io.github.moshivis.text;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Byte-pair merges ({@code bpe_model.cc}): beginning with single characters, the neighbors whose union is the piece with the highest score
 * become one, the leftmost first among equals, until no union is a piece. User-defined pieces are never split or merged.
 */
final class BpeSegmenter implements TextEncoder.Segmenter {
    private final TextEncoder encoder;

    BpeSegmenter(TextEncoder encoder) {
        this.encoder = encoder;
    }

    /** A part of the text in a list of neighbors; its text is empty once it was merged into the one before it. */
    private static final class Symbol {
        private String text;
        private final boolean fixed;
        private int previous;
        private int next;

        Symbol(String text, boolean fixed, int previous, int next) {
            this.text = text;
            this.fixed = fixed;
            this.previous = previous;
            this.next = next;
        }
    }

    /** Two neighbors whose union is a piece. */
    private record Pair(int left, int right, float score, int length) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            int byScore = Float.compare(other.score, score);
            return byScore != 0 ? byScore : Integer.compare(left, other.left);
        }
    }

    @Override
    public List<String> pieces(String text) {
        List<Symbol> symbols = symbols(text);
        PriorityQueue<Pair> pairs = new PriorityQueue<>();
        for (int i = 1; i < symbols.size(); i++) {
            offer(symbols, pairs, i - 1, i);
        }
        for (Pair pair = pairs.poll(); pair != null; pair = pairs.poll()) {
            Symbol left = symbols.get(pair.left());
            Symbol right = symbols.get(pair.right());
            if (left.text.isEmpty()
                    || right.text.isEmpty()
                    || left.text.length() + right.text.length() != pair.length()) {
                continue; // one of them was merged with another meanwhile
            }
            left.text += right.text;
            right.text = "";
            left.next = right.next;
            if (right.next >= 0) {
                symbols.get(right.next).previous = pair.left();
            }
            offer(symbols, pairs, left.previous, pair.left());
            offer(symbols, pairs, pair.left(), left.next);
        }
        List<String> pieces = new ArrayList<>();
        for (Symbol symbol : symbols) {
            if (!symbol.text.isEmpty()) {
                pieces.add(symbol.text);
            }
        }
        return pieces;
    }

    private List<Symbol> symbols(String text) {
        List<Symbol> symbols = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int fixed = userDefined(text, start);
            int length = fixed > 0 ? fixed : Character.charCount(text.codePointAt(start));
            int next = start + length < text.length() ? symbols.size() + 1 : -1;
            symbols.add(new Symbol(text.substring(start, start + length), fixed > 0, symbols.size() - 1, next));
            start += length;
        }
        return symbols;
    }

    /** The length of the longest user-defined piece at a place; 0 for none. */
    private int userDefined(String text, int start) {
        for (int end = Math.min(text.length(), start + encoder.maxLength); end > start; end--) {
            Integer id = encoder.ids.get(text.substring(start, end));
            if (id != null && encoder.piece(id).type() == Vocabulary.Type.USER_DEFINED) {
                return end - start;
            }
        }
        return 0;
    }

    private void offer(List<Symbol> symbols, PriorityQueue<Pair> pairs, int left, int right) {
        if (left < 0 || right < 0 || symbols.get(left).fixed || symbols.get(right).fixed) {
            return;
        }
        String union = symbols.get(left).text + symbols.get(right).text;
        Integer id = encoder.ids.get(union);
        if (id != null) {
            pairs.add(new Pair(left, right, encoder.piece(id).score(), union.length()));
        }
    }
}
