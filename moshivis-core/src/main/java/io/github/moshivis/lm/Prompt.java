package io.github.moshivis.lm;

import io.github.moshivis.layout.LmConfig;
import java.util.Arrays;

/**
 * The steps before a PersonaPlex conversation, in which every stream is given: the voice, half a second of silence, the role text, half a
 * second of silence. Follows {@code moshi/models/lm.py} of NVIDIA/personaplex, {@code step_system_prompts}. Immutable.
 *
 * <p>Token p of stream k is given in call p and stands at position {@code p + delay[k]}; positions up to the delay hold the initial token.
 * Call 0 runs nothing, so that a prompt of P calls takes P - 1 steps and leaves off at position P - 1.
 */
public final class Prompt {
    /** One frame of coded silence, for the model's own streams. */
    private static final int[] SILENCE = {948, 243, 1178, 546, 1736, 1030, 1978, 2008};

    /** One frame of a coded tone of 440 Hz, for the user's streams. */
    private static final int[] SINE = {430, 1268, 381, 1611, 1095, 1495, 56, 472};

    /** Half a second of frames, rounded down. */
    private static final int SILENT_FRAMES = 6;

    private final LmConfig config;
    private final StoredVoice stored;
    private final int[][] given;

    private Prompt(LmConfig config, StoredVoice stored, int[][] given) {
        this.config = config;
        this.stored = stored;
        this.given = given;
    }

    /**
     * A voice as a {@code .pt} file of the release holds it: instead of the frames' codes, the input of each step.
     *
     * @param embeddings sums of embeddings, a row of the model's width for each of M steps
     * @param cache the token columns at the end, [streams][columns]; position p stands in column p mod columns
     */
    public record StoredVoice(float[][] embeddings, long[][] cache) {}

    /**
     * A prompt whose voice is heard as codes.
     *
     * @param config of the model
     * @param voice the voice's codes, a row of the model's codebooks for each frame; empty for no voice
     * @param role tokens of the role text; empty for none
     * @return the prompt
     * @throws IllegalArgumentException if it does not fit the model
     */
    public static Prompt of(LmConfig config, int[][] voice, int[] role) {
        return new Prompt(config, null, given(config, voice.length, voice, role));
    }

    /**
     * A prompt whose voice was stored as embeddings.
     *
     * @param config of the model
     * @param voice the stored voice
     * @param role tokens of the role text; empty for none
     * @return the prompt
     * @throws IllegalArgumentException if it does not fit the model
     */
    public static Prompt of(LmConfig config, StoredVoice voice, int[] role) {
        Prompt prompt = new Prompt(config, voice, given(config, voice.embeddings().length + 1, new int[0][], role));
        for (float[] embedding : voice.embeddings()) {
            require(embedding.length == config.dim(), "embeddings of " + embedding.length, "dim = " + config.dim());
        }
        require(voice.cache().length == config.streams(), voice.cache().length + " streams", "" + config.streams());
        for (int ahead = 0; ahead <= config.maxDelay(); ahead++) {
            prompt.column(voice.embeddings().length + ahead); // checks the tokens that are read
        }
        return prompt;
    }

    /** No prompt at all: the generator's first call, which runs nothing. */
    static Prompt none(LmConfig config) {
        return new Prompt(config, null, new int[1][config.streams()]);
    }

    private static int[][] given(LmConfig config, int voiceCalls, int[][] voice, int[] role) {
        int own = config.modelCodebooks();
        require(own <= SILENCE.length && config.userCodebooks() <= SINE.length, own + " codebooks", "at most 8");
        require(config.audioCard() > max(SILENCE), "codebooks of " + config.audioCard(), "more than " + max(SILENCE));
        int[][] calls = new int[voiceCalls + 2 * SILENT_FRAMES + role.length][];
        require(
                calls.length <= config.context(),
                calls.length + " frames",
                "at most the window of " + config.context());
        for (int i = 0; i < calls.length; i++) {
            int token = i - voiceCalls - SILENT_FRAMES;
            int text = token >= 0 && token < role.length ? role[token] : config.paddingToken();
            calls[i] = frame(config, text, i < voice.length ? voice[i] : SILENCE);
        }
        return calls;
    }

    private static int[] frame(LmConfig config, int text, int[] codes) {
        int own = config.modelCodebooks();
        int[] frame = new int[config.streams()];
        frame[0] = text;
        System.arraycopy(codes, 0, frame, 1, own);
        System.arraycopy(SINE, 0, frame, 1 + own, config.userCodebooks());
        return frame;
    }

    private static int max(int[] codes) {
        return Arrays.stream(codes).max().orElseThrow();
    }

    private static void require(boolean holds, String found, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("The prompt does not fit this model: found " + found + ", expected "
                    + expected + ". Use a voice of this model, and a shorter role");
        }
    }

    /** Steps of the temporal transformer; also the first position of the conversation. */
    int steps() {
        return given.length - 1;
    }

    /** Steps whose input is an embedding instead of a column. */
    int embeddedSteps() {
        return stored == null ? 0 : stored.embeddings().length;
    }

    /** The input of a step, [D]. */
    float[] embedding(int step) {
        return stored.embeddings()[step];
    }

    /** The tokens at a position, a stream each; initial tokens where none was given. */
    long[] column(int position) {
        long[] tokens = new long[config.streams()];
        for (int k = 0; k < tokens.length; k++) {
            int delay = config.delays().get(k);
            int call = position - delay;
            if (call <= 0) {
                tokens[k] = k == 0 ? config.initialTextToken() : config.initialAudioCode();
            } else if (stored != null && call <= embeddedSteps()) {
                tokens[k] = cached(k, position);
            } else {
                tokens[k] = call < given.length ? given[call][k] : 0; // 0 is replaced by the conversation's own
            }
        }
        return tokens;
    }

    private long cached(int stream, int position) {
        long[] columns = stored.cache()[stream];
        long token = columns[position % columns.length];
        int card = stream == 0 ? config.textCard() : config.audioCard();
        boolean read = position >= embeddedSteps(); // earlier columns are stale: their steps read embeddings
        require(!read || token >= 0 && token <= card, "the token " + token + " in stream " + stream, "0 to " + card);
        return token;
    }
}
