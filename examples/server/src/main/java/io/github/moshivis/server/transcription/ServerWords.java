package io.github.moshivis.server.transcription;

import io.github.moshivis.io.AudioSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Words from tokens by the rule of the reference server ({@code rust/moshi-core/src/asr.rs}): tokens up to the next mark or padding are a
 * word, which starts at the mark before; a mark ends it. Tokens within the model's delay are dropped. State of one stream.
 */
final class ServerWords {
    private static final int MARK = 0;
    private static final int PADDING = 3;

    private final int delay;
    private final Function<int[], String> decoder;
    private final List<Integer> pending = new ArrayList<>();
    private long steps;
    private double lastStop;
    private boolean open;

    /**
     * Starts a stream.
     *
     * @param delay delay of tokens in steps
     * @param decoder joins tokens to text
     */
    ServerWords(int delay, Function<int[], String> decoder) {
        this.delay = delay;
        this.decoder = decoder;
    }

    /** Takes the token of the next step; returns the new words and ends. */
    List<AsrMessage> next(int token) {
        steps++;
        if (steps < delay) {
            return List.of();
        }
        if (token != MARK && token != PADDING) {
            pending.add(token);
            return List.of();
        }
        List<AsrMessage> said = new ArrayList<>();
        if (!pending.isEmpty()) {
            int[] tokens = pending.stream().mapToInt(Integer::intValue).toArray();
            pending.clear();
            said.add(new AsrMessage.Word(decoder.apply(tokens), lastStop));
            open = true;
        }
        if (token == MARK) {
            double stop = (steps - delay) / AudioSource.FRAME_RATE;
            if (open) {
                said.add(new AsrMessage.EndWord(stop));
                open = false;
            }
            lastStop = stop;
        }
        return said;
    }
}
