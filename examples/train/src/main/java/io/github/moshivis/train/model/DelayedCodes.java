package io.github.moshivis.train.model;

import io.github.moshivis.layout.LmConfig;

/**
 * Tokens of a batch of dialogues after the delays between streams, on the host. A target of stream k at position t is the token of frame t -
 * delay, or the initial token before there is one; position t reads what stands at position t - 1.
 */
public final class DelayedCodes {
    /** Stands for no token: it embeds to zeros and is not predicted. */
    public static final long NONE = -1;

    private final long[][][] codes;
    private final long[][][] heard;
    private final LmConfig config;

    /**
     * Takes a batch.
     *
     * @param codes [B][S][T], text first, then the model's codebooks, then the user's; {@link #NONE} where there is no token
     * @param config the sizes
     */
    public DelayedCodes(long[][][] codes, LmConfig config) {
        this(codes, codes, config);
    }

    /**
     * Takes a batch of which the model reads other codes than it is to predict.
     *
     * @param codes as above, which are predicted
     * @param heard of the same sizes, which are read
     * @param config the sizes
     */
    public DelayedCodes(long[][][] codes, long[][][] heard, LmConfig config) {
        this.codes = codes;
        this.heard = heard;
        this.config = config;
        for (long[][] row : codes) {
            if (row.length != config.streams()) {
                throw new IllegalArgumentException("Cannot train on a dialogue of " + row.length + " streams: expected "
                        + config.streams() + ", text and " + config.audioStreams() + " codebooks");
            }
        }
    }

    /** The sizes. */
    LmConfig config() {
        return config;
    }

    /** B. */
    public int rows() {
        return codes.length;
    }

    /** T. */
    public int steps() {
        return codes[0][0].length;
    }

    /** The target of a stream at a position. */
    public long target(int row, int stream, int position) {
        return delayed(codes, row, stream, position);
    }

    private long delayed(long[][][] tokens, int row, int stream, int position) {
        int frame = position - config.delays().get(stream);
        return frame >= 0 ? tokens[row][stream][frame] : initial(stream);
    }

    /** Tells whether the target of a stream at a position is a token of the dialogue. */
    public boolean counts(int row, int stream, int position) {
        int frame = position - config.delays().get(stream);
        return frame >= 0 && codes[row][stream][frame] != NONE;
    }

    private long initial(int stream) {
        return stream == 0 ? config.initialTextToken() : config.initialAudioCode();
    }

    /** Tokens that the model reads, [B S T]. */
    public long[] inputs() {
        int streams = config.streams();
        long[] inputs = new long[rows() * streams * steps()];
        int at = 0;
        for (int row = 0; row < rows(); row++) {
            for (int stream = 0; stream < streams; stream++) {
                for (int position = 0; position < steps(); position++) {
                    inputs[at++] = position == 0 ? initial(stream) : delayed(heard, row, stream, position - 1);
                }
            }
        }
        return inputs;
    }

    /** Targets of text and the model's codebooks at all positions, [B T (1 + K)]. */
    public long[] targets() {
        int streams = 1 + config.modelCodebooks();
        long[] targets = new long[rows() * steps() * streams];
        for (int i = 0; i < targets.length; i++) {
            int position = i / streams;
            targets[i] = target(position / steps(), i % streams, position % steps());
        }
        return targets;
    }
}
