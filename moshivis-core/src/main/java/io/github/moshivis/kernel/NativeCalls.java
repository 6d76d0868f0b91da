package io.github.moshivis.kernel;

/**
 * The native methods, one for one those of {@code jni.cpp}. Addresses are the caller's responsibility; types are 0 for float32, 1 for
 * bfloat16, 2 for float16 (as a source of {@link #packNumbers} only).
 */
final class NativeCalls {
    /** The value that {@link #version} returns; it grows with each change of a signature or layout. */
    static final int VERSION = 9;

    private NativeCalls() {}

    static native int version();

    static native int instructionSets();

    static native long allocate(long bytes);

    static native void release(long address);

    static native void useSoon(long address, long bytes);

    static native long packedBytes(int bits, int group, boolean affine, long in, long out);

    static native long activationBytes(long in);

    static native long denseRowBytes(long in);

    static native void packNumbers(
            int set, int bits, int group, long in, long source, int type, long stride, long rows, long target);

    static native void packGroups(
            int set,
            int bits,
            int group,
            boolean affine,
            long in,
            long values,
            long scales,
            long offsets,
            long rows,
            long target);

    static native void quantize(int set, long x, int type, long stride, int rows, long in, long target);

    static native void multiplyPacked(
            int set,
            int bits,
            int group,
            boolean affine,
            long matrix,
            long in,
            long out,
            long x,
            int rows,
            long y,
            int type,
            long stride,
            long fromBlock,
            long toBlock);

    static native void attend(
            int set,
            long query,
            long key,
            long value,
            int type,
            long stride,
            long rotations,
            long keys,
            long values,
            long keyScales,
            long valueScales,
            int cacheType,
            long capacity,
            long ring,
            long positions,
            long starts,
            long lengths,
            float scale,
            long y,
            long steps,
            long heads,
            int dim,
            long from,
            long to);

    static native void prepareDense(int set, long x, int type, long stride, int rows, long in, long target);

    static native void multiplyDense(
            int set,
            long matrix,
            int type,
            long x,
            int rows,
            long bias,
            long y,
            long stride,
            long in,
            long out,
            long from,
            long to);

    static native void packPanels(int set, int type, long source, long rows, long in, long scales, long target);

    static native void multiplyPanels(
            int set,
            long matrix,
            int type,
            long scales,
            long x,
            long batchStride,
            long rowStride,
            long rowsInBatch,
            long bias,
            long factors,
            long residual,
            int activation,
            long y,
            long in,
            long out,
            long fromRow,
            long toRow,
            long fromPanel,
            long toPanel);

    static native void activate(int set, int activation, long x, long y, long count);

    static native void normalize(
            int set,
            int norm,
            long x,
            int type,
            long stride,
            long weight,
            long bias,
            int weightType,
            float epsilon,
            long y,
            long rows,
            long dim);

    static native void gate(int set, long x, int type, long rows, long hidden, long y);

    static native void addGated(
            int set, long gates, long x, int type, float shift, long used, long y, long means, long rows, long dim);

    static native long lookUp(long table, long rowBytes, long entries, long ids, long count, long y);

    static native void add(long x, int type, long y, long count);

    static native void subtractNearest(
            long scores, long rows, long entries, long table, long dim, long rest, long ids, long stride);

    static native void upsample(long x, long steps, long channels, long present, long before, long ratio, long y);

    static native void rectify(long x, int type, long count);

    static native long choiceBytes(long entries);

    static native void choose(
            long logits,
            int type,
            long temperatures,
            long masses,
            long noise,
            long rows,
            long entries,
            long ranks,
            long scratch,
            long tokens);
}
