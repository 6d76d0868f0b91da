package io.github.moshivis.kernel;

/**
 * Attention of one query a row to keys and values in memory, over plain addresses. Softmax in float32. A row and head depends on nothing but
 * its own numbers. Stateless.
 */
public final class AttentionKernel {
    /** The widest head. */
    public static final int MAX_HEAD = 512;

    /** Types that keys and values are held in. */
    public enum Held {
        /** IEEE 754 single. */
        F32(0),
        /** bfloat16. */
        BF16(1),
        /** 8 bits with a float32 scale for each position of each head. */
        INT8(3);

        private final int number;

        Held(int number) {
            this.number = number;
        }
    }

    /**
     * Keys and values of some rows in memory.
     *
     * @param keys address of [rows, heads, capacity, dim]
     * @param values address of the same
     * @param keyScales address of F32 [rows, heads, capacity] with {@link Held#INT8}; else 0
     * @param valueScales address of the same
     * @param held their type
     * @param capacity positions of a row
     * @param ring the first position follows the one before this one; at most the capacity
     * @param heads of a row
     * @param dim of a head, even, at most {@link #MAX_HEAD}
     */
    public record Cache(
            long keys,
            long values,
            long keyScales,
            long valueScales,
            Held held,
            long capacity,
            long ring,
            long heads,
            int dim) {}

    /**
     * Queries, and what they add to the cache. All steps of a row are added before any of them attends.
     *
     * @param steps queries of a row
     * @param query address of [rows, steps, heads * dim]
     * @param key address of the new keys, laid out as the query; 0 if nothing is added
     * @param value address of the new values
     * @param type of all three: F32 or BF16
     * @param stride from a step to the next, in elements
     * @param rotations address of F32 [rows, steps, dim / 2, 2], cosines and sines by which pairs of neighbors in query and key are rotated; 0
     *     for none
     * @param positions address of I64 [rows, steps], where a new key goes; 0 if nothing is added
     * @param starts address of I64 [rows, steps], the first position that a step attends to; 0 for the first of all
     * @param lengths address of I64 [rows, steps], how many positions from there on, around the ring, at least 1
     */
    public record Step(
            long steps,
            long query,
            long key,
            long value,
            MatrixKernels.Numbers type,
            long stride,
            long rotations,
            long positions,
            long starts,
            long lengths) {}

    private AttentionKernel() {}

    /**
     * Asks for huge pages for fresh memory of a cache, all of which is going to be used.
     *
     * @param address of the memory
     * @param bytes its size
     */
    public static void useSoon(long address, long bytes) {
        NativeCalls.useSoon(address, bytes);
    }

    /**
     * Attends with scores divided by the square root of dim. Several threads may compute different parts at once.
     *
     * @param set the instruction set
     * @param step the queries
     * @param cache the keys and values; a part writes and reads its own rows and heads only
     * @param y address of the results, [rows, steps, heads * dim] in the query's type
     * @param from first of rows * heads
     * @param to after the last
     */
    public static void attend(InstructionSet set, Step step, Cache cache, long y, long from, long to) {
        NativeCalls.attend(
                set.number(),
                step.query,
                step.key,
                step.value,
                step.type.ordinal(),
                step.stride,
                step.rotations,
                cache.keys,
                cache.values,
                cache.keyScales,
                cache.valueScales,
                cache.held.number,
                cache.capacity,
                cache.ring,
                step.positions,
                step.starts,
                step.lengths,
                (float) (1 / Math.sqrt(cache.dim)),
                y,
                step.steps,
                cache.heads,
                cache.dim,
                from,
                to);
    }
}
