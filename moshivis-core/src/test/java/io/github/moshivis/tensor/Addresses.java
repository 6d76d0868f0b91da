package io.github.moshivis.tensor;

import io.github.moshivis.weights.file.TensorFile;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Places of tensors in memory. */
public final class Addresses {
    private Addresses() {}

    /** Returns whether a tensor lies over the mapped memory of a file. */
    public static boolean isMapped(Tensor tensor, TensorFile file) {
        return tensor.device().isCpu() && windows(file).stream().anyMatch(window -> contains(window, tensor.address()));
    }

    private static Set<ByteBuffer> windows(TensorFile file) {
        Set<ByteBuffer> windows = Collections.newSetFromMap(new IdentityHashMap<>());
        file.tensors().keySet().forEach(name -> windows.add(file.bytes(name).window()));
        return windows;
    }

    private static boolean contains(ByteBuffer window, long address) {
        try (Scope scope = Scope.open()) {
            long start = Tensor.over(window, 0, DType.U8, window.capacity()).address();
            return address >= start && address < start + window.capacity();
        }
    }
}
