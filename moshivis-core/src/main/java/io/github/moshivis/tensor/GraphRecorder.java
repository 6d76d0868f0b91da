package io.github.moshivis.tensor;

import java.util.function.Supplier;

/** Records {@link DeviceWork} so that it can be enqueued again as a whole, with what its {@link Inputs} hold by then. */
public interface GraphRecorder extends AutoCloseable {
    /** Work that was recorded. */
    interface Recording extends AutoCloseable {
        /**
         * Enqueues the work.
         *
         * @return its result, at the same place each time
         */
        Tensor replay();

        /** Frees the recording. */
        @Override
        void close();
    }

    /**
     * Records work without doing it. On the thread on which it was done a few times before, with the same shapes.
     *
     * @param work device work
     * @return the recording, owned by the caller
     * @throws io.github.moshivis.errors.NativeException if it cannot be recorded; the device is as it was before
     */
    Recording record(Supplier<Tensor> work);

    /** Frees what all recordings share, after them. */
    @Override
    void close();
}
