package io.github.moshivis.engine;

import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Input;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/** Codes of the user in one tick: encoded from the sound in some rows, given in others. Planned on the host. */
final class UserCodes {
    private final int count;
    /** Samples, F32 [B, frame size]; null if all rows give codes. */
    private final Input samples;

    private final SpeechCodec.Pass encoding;
    /** Given codes, I64 [B, codes]; null if all rows give samples. */
    private final Input codes;
    /** Rows that give codes, BOOL [B, 1]; null if all rows give samples. */
    private final Input given;

    /**
     * Plans.
     *
     * @param frames for each slot its frame; null in slots without one
     */
    UserCodes(Tick.State state, Inputs inputs, Rows rows, UserFrame[] frames) {
        int frameSize = state.codec().frameSize();
        count = state.codec().codebooks();
        float[] pcm = new float[rows.count() * frameSize];
        long[] known = new long[rows.count() * count];
        boolean[] sounds = new boolean[rows.count()];
        boolean[] knows = new boolean[rows.count()];
        boolean anySound = false;
        boolean anyCodes = false;
        for (int row = 0; row < rows.count(); row++) {
            UserFrame frame = rows.isActive(row) ? frames[row] : null;
            sounds[row] = frame != null && frame.samples() != null;
            knows[row] = frame != null && frame.codes() != null;
            anySound |= sounds[row];
            anyCodes |= knows[row];
            if (sounds[row]) {
                System.arraycopy(frame.samples(), 0, pcm, row * frameSize, frameSize);
            }
            for (int k = 0; knows[row] && k < count; k++) {
                known[row * count + k] = frame.codes()[k];
            }
        }
        inputs.decide(anySound);
        inputs.decide(anyCodes);
        samples = anySound ? inputs.add(pcm, rows.count(), frameSize) : null;
        encoding = anySound
                ? state.codec().planEncoding(state.codecState(), anyCodes ? Rows.of(inputs, sounds) : rows)
                : null;
        codes = anyCodes ? inputs.add(known, rows.count(), count) : null;
        given = anyCodes ? inputs.add(knows, rows.count(), 1) : null;
    }

    /** Number of codes of a frame. */
    int count() {
        return count;
    }

    /** Codes of all rows, I64 [B, codes]; unspecified in rows that take no part. Work on the device alone. */
    Tensor heard() {
        if (encoding == null) {
            return codes.tensor();
        }
        Tensor encoded = encoding.run(samples.tensor()); // [B, samples] -> [B, codes]
        return codes == null ? encoded : Ops.where(given.tensor(), codes.tensor(), encoded);
    }
}
