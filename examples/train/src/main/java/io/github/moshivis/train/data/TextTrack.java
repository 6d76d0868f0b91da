package io.github.moshivis.train.data;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.text.TextEncoder;
import io.github.moshivis.text.TextStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Words as the text stream says them: the tokens of a word from the frame in which it starts, one a frame, padding elsewhere, and the
 * end of padding in the frame before a word. A word that starts before the tokens of the one before are said cuts them off. Follows
 * {@code finetune/data/interleaver.py} of moshi-finetune with its training's settings.
 */
public final class TextTrack {
    private TextTrack() {}

    /**
     * The tokens of a stretch.
     *
     * @param words by start, in seconds from the start of the stretch
     * @param frames how many
     * @param encoder of the model's vocabulary
     * @param padding the text token of silence
     * @return a token for each frame
     */
    public static long[] of(List<Word> words, int frames, TextEncoder encoder, long padding) {
        long[] track = new long[frames];
        Arrays.fill(track, padding);
        Deque<Integer> rest = new ArrayDeque<>();
        int next = 0;
        for (int frame = 0; frame < frames; frame++) {
            while (next < words.size() && words.get(next).start() * AudioSource.FRAME_RATE < frame + 1) {
                rest.clear();
                for (int token : encoder.encode(words.get(next).text().strip())) {
                    rest.add(token);
                }
                next++;
            }
            if (!rest.isEmpty()) {
                if (frame > 0 && track[frame - 1] == padding) {
                    track[frame - 1] = TextStream.END_OF_PADDING;
                }
                track[frame] = rest.remove();
            }
        }
        return track;
    }
}
