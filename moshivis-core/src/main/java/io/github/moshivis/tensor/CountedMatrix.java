package io.github.moshivis.tensor;

/** A packed matrix in native memory that no tensor counts: its sizes, and its memory, which is counted and freed once. */
abstract sealed class CountedMatrix implements PackedMatrix permits FbgemmMatrix, KernelMatrix, OneDnnMatrix {
    private final long out;
    private final long in;
    private final long bytes;
    private boolean closed;

    /** Counts the memory, which is there already. */
    CountedMatrix(long out, long in, long bytes) {
        this.out = out;
        this.in = in;
        this.bytes = bytes;
        NativeMemory.kept(bytes);
    }

    /** Frees the memory; called once. */
    abstract void free();

    final boolean isClosed() {
        return closed;
    }

    @Override
    public final long out() {
        return out;
    }

    @Override
    public final long in() {
        return in;
    }

    @Override
    public final long bytes() {
        return bytes;
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            NativeMemory.released(bytes);
            free();
        }
    }
}
