package io.github.moshivis.layout;

/** Checks of single hyper-parameters; keys are those of the reference's files, since that is what a user can correct. */
final class Validation {
    /** Far above any size of a released model (the largest is 32,001); products of two sizes fit a long with ease. */
    static final int MAX_SIZE = 1 << 20;

    /** Thirty times those of the released model. */
    static final int MAX_LAYERS = 1024;

    /** Twenty times the released model's; keys and values of all steps are allocated before a conversation. */
    static final int MAX_CONTEXT = 1 << 16;

    /** Eight times those of the released codec. */
    static final int MAX_CODEBOOKS = 256;

    /** A minute and more; rows of so many steps are held for each conversation. */
    static final int MAX_DELAY = 1024;

    private Validation() {}

    static void require(boolean holds, String key, Object found, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(
                    key + ": found " + found + ", expected " + expected + ". Correct the value.");
        }
    }

    static void size(String key, int value) {
        require(value >= 1 && value <= MAX_SIZE, key, value, "a number from 1 to " + MAX_SIZE);
    }

    static void layers(String key, int value) {
        require(value >= 1 && value <= MAX_LAYERS, key, value, "a number from 1 to " + MAX_LAYERS);
    }

    static void context(String key, int value) {
        require(value >= 1 && value <= MAX_CONTEXT, key, value, "a number from 1 to " + MAX_CONTEXT);
    }

    static void codebooks(String key, int value) {
        require(value >= 1 && value <= MAX_CODEBOOKS, key, value, "a number from 1 to " + MAX_CODEBOOKS);
    }

    static void positive(String key, double value) {
        require(value > 0 && value <= Float.MAX_VALUE, key, value, "a positive number");
    }

    static void heads(String headsKey, int heads, String dimKey, int dim) {
        size(headsKey, heads);
        size(dimKey, dim);
        require(dim % heads == 0, headsKey, heads, "a divisor of " + dimKey + " = " + dim);
    }

    /** Heads of even width: the rotary embedding turns pairs. */
    static void rotaryHeads(String headsKey, int heads, String dimKey, int dim) {
        heads(headsKey, heads, dimKey, dim);
        require(dim / heads % 2 == 0, headsKey, heads, "heads of even width in " + dimKey + " = " + dim);
    }
}
