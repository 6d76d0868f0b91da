package io.github.moshivis.tensor;

/** An array that was planned on the host, as work on the device reads it; see {@link Inputs}. */
@FunctionalInterface
public interface Input {
    /**
     * The array on the device.
     *
     * @return for the present work only: to be asked for anew each time the work is done
     */
    Tensor tensor();
}
