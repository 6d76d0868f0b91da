package io.github.moshivis.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * See {@link Inputs#packed}. Arrays are packed into one buffer on the host, pinned for a GPU, which is copied to one buffer on the
 * device; inputs are views of that. A layout that is longer than any before moves the buffers, which changes all signatures.
 */
final class PackedInputs extends Inputs {
    /** A multiple of all elements' sizes, and what kernels load at once. */
    private static final int ALIGNMENT = 64;

    /** Room for the plan of a few rows; more is taken as needed. */
    private static final int FIRST_CAPACITY = 1 << 18;

    /** Views of that many regions are held; a handful of layouts has fewer. */
    private static final int MAX_VIEWS = 4096;

    private final Map<Region, Tensor> views = new HashMap<>();
    private final List<Object> signature = new ArrayList<>();
    private Tensor host;
    private ByteBuffer bytes;
    private Tensor onDevice;
    private int moves;

    /** The region of an array in the buffer. */
    private record Region(int offset, DType dtype, List<Long> shape) {}

    PackedInputs(Device device) {
        super(device);
        allocateHost(FIRST_CAPACITY);
    }

    @Override
    public boolean isReplayed() {
        return true;
    }

    @Override
    public void begin() {
        bytes.clear();
        signature.clear();
        if (views.size() > MAX_VIEWS) {
            closeViews();
        }
    }

    @Override
    public Input add(float[] values, long... shape) {
        Region region = reserve(DType.F32, values.length, shape);
        bytes.slice().order(bytes.order()).asFloatBuffer().put(values);
        return input(region, values.length * Float.BYTES);
    }

    @Override
    public Input add(long[] values, long... shape) {
        Region region = reserve(DType.I64, values.length, shape);
        bytes.slice().order(bytes.order()).asLongBuffer().put(values);
        return input(region, values.length * Long.BYTES);
    }

    @Override
    public Input add(boolean[] values, long... shape) {
        Region region = reserve(DType.BOOL, values.length, shape);
        bytes.slice().put(bytes(values));
        return input(region, values.length);
    }

    private Region reserve(DType dtype, int elements, long... shape) {
        int offset = (bytes.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        int end = Math.addExact(offset, Math.multiplyExact(elements, dtype.bytes()));
        if (Tensor.elements(shape) != elements) {
            throw new IllegalArgumentException(
                    "An input of shape " + Arrays.toString(shape) + " cannot hold " + elements + " values");
        }
        if (end > bytes.capacity()) {
            growHost(end);
        }
        bytes.position(offset);
        return new Region(offset, dtype, Arrays.stream(shape).boxed().toList());
    }

    private Input input(Region region, int length) {
        bytes.position(region.offset() + length);
        signature.add(region);
        return () -> view(region);
    }

    private Tensor view(Region region) {
        return views.computeIfAbsent(region, p -> {
            long[] shape = p.shape().stream().mapToLong(Long::longValue).toArray();
            long length = Tensor.elements(shape) * p.dtype().bytes();
            return onDevice.narrow(0, p.offset(), length)
                    .bitsAs(p.dtype())
                    .view(shape)
                    .keep(); // [bytes] -> [elements] -> shape
        });
    }

    @Override
    public void decide(Object decision) {
        signature.add(decision);
    }

    private void allocateHost(int capacity) {
        try (Scope scope = Scope.open()) {
            host = Tensor.staging(capacity, device()).keep();
            bytes = host.memory();
        }
    }

    private void growHost(int needed) {
        Tensor old = host;
        ByteBuffer packed = bytes.flip();
        allocateHost(Math.max(needed, Math.multiplyExact(2, packed.capacity())));
        bytes.put(packed);
        old.close();
    }

    @Override
    public void upload() {
        DeviceWork.forbid("an upload of inputs");
        try (Scope scope = Scope.open()) {
            if (onDevice == null || onDevice.bytes() < bytes.position()) {
                closeDevice();
                onDevice = Tensor.empty(DType.U8, device(), bytes.capacity()).keep();
                moves++;
            }
            onDevice.narrow(0, 0, bytes.position()).copyLater(host.narrow(0, 0, bytes.position()));
        }
        signature.add(moves);
    }

    @Override
    public List<Object> signature() {
        return List.copyOf(signature);
    }

    private void closeViews() {
        views.values().forEach(Tensor::close);
        views.clear();
    }

    private void closeDevice() {
        closeViews();
        if (onDevice != null) {
            onDevice.close();
            onDevice = null;
        }
    }

    @Override
    public void close() {
        closeDevice();
        host.close();
    }
}
