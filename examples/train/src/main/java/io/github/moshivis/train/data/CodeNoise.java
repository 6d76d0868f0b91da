package io.github.moshivis.train.data;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.train.model.DelayedCodes;
import java.util.Random;

/**
 * Wrong codes among those that a model reads in training. In a conversation its own codes are sampled and the user's are heard
 * imperfectly; a model that reads only exact ones learns to rely on them. What it is to predict stays exact.
 *
 * @param model share of the model's own codes that are replaced at random, in [0, 1]
 * @param user share of the user's
 */
public record CodeNoise(double model, double user) {
    /** All codes are exact. */
    public static final CodeNoise NONE = new CodeNoise(0, 0);

    /** Checks the shares. */
    public CodeNoise {
        if (!(model >= 0 && model <= 1 && user >= 0 && user <= 1)) {
            throw new IllegalArgumentException("Cannot replace shares of " + model + " and " + user
                    + " of the codes: expected numbers from 0 to 1");
        }
    }

    /**
     * Codes as the model reads them; every second dialogue is exact.
     *
     * @param codes [S][T], text first, then the model's codebooks, then the user's
     * @param config the sizes
     * @param random decides what is replaced, and by what
     * @return a copy, or the same codes where there is no noise
     */
    public long[][] heard(long[][] codes, LmConfig config, Random random) {
        if (equals(NONE) || random.nextBoolean()) {
            return codes;
        }
        long[][] heard = codes.clone();
        for (int stream = 1; stream < codes.length; stream++) {
            heard[stream] = codes[stream].clone();
            double share = stream <= config.modelCodebooks() ? model : user;
            for (int frame = 0; frame < heard[stream].length; frame++) {
                if (random.nextDouble() < share && heard[stream][frame] != DelayedCodes.NONE) {
                    heard[stream][frame] = random.nextInt(config.audioCard());
                }
            }
        }
        return heard;
    }
}
