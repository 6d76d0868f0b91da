package io.github.moshivis.weights.file;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Maps a file's tensors read-only, in windows that hold whole tensors: a Java buffer counts its bytes in an int. */
final class MappedWindows {
    /** The maximum of {@link FileChannel#map}: 2 GiB less one byte. */
    static final long MAX_BYTES = Integer.MAX_VALUE;

    /** The order of the file. */
    static final Comparator<StoredTensor> BY_OFFSET =
            Comparator.comparingLong(StoredTensor::offset).thenComparingLong(StoredTensor::byteLength);

    private MappedWindows() {}

    /**
     * Maps all tensors.
     *
     * @param channel the file, open for reading; may be closed afterwards
     * @param all in any order, none longer than {@code maxBytes}, none overlapping
     * @param maxBytes how long a window may be
     * @return where each tensor is
     */
    static Map<String, TensorBytes> map(FileChannel channel, Collection<StoredTensor> all, long maxBytes)
            throws IOException {
        List<StoredTensor> tensors = all.stream().sorted(BY_OFFSET).toList();
        Map<String, TensorBytes> places = new HashMap<>();
        int first = 0;
        while (first < tensors.size()) {
            int next = endOfWindow(tensors, first, maxBytes);
            long start = tensors.get(first).offset();
            MappedByteBuffer window =
                    channel.map(FileChannel.MapMode.READ_ONLY, start, end(tensors.get(next - 1)) - start);
            for (StoredTensor tensor : tensors.subList(first, next)) {
                int position = (int) (tensor.offset() - start);
                places.put(tensor.name(), new TensorBytes(window, position, (int) tensor.byteLength()));
            }
            first = next;
        }
        return places;
    }

    private static int endOfWindow(List<StoredTensor> tensors, int first, long maxBytes) {
        long start = tensors.get(first).offset();
        int next = first + 1;
        while (next < tensors.size() && end(tensors.get(next)) - start <= maxBytes) {
            next++;
        }
        return next;
    }

    private static long end(StoredTensor tensor) {
        return tensor.offset() + tensor.byteLength();
    }
}
