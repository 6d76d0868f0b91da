package io.github.moshivis.weights.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor's bytes inside a window of a mapped file. Users of the address must keep the window reachable for as long as it
 * reads: on Java 17 a mapping ends when its buffer is collected, and reading it after that ends the process.
 *
 * @param window the mapped window: read-only and direct, shared with other tensors; its position and limit are not to be changed
 * @param position where the tensor starts in the window; not necessarily aligned to the element size
 * @param length how many bytes it has
 */
public record TensorBytes(ByteBuffer window, int position, int length) {
    /**
     * The bytes as a buffer of their own over the same memory.
     *
     * @return a new read-only little-endian buffer from 0 to {@link #length()}
     */
    public ByteBuffer slice() {
        return window.slice(position, length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
