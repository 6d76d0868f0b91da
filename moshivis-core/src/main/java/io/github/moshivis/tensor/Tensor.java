package io.github.moshivis.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A dense array on a device. Operators are named as LibTorch names them; those that change a tensor end in {@code InPlace} or
 * start with {@code copy}, {@code fill}, {@code scatter}. Views share memory with what they were made from. More operators are in
 * {@link Ops}.
 *
 * <p>A tensor belongs to the {@link Scope} it was made in unless it was {@linkplain #keep() kept}. Not thread-safe where written to.
 */
public final class Tensor implements AutoCloseable {
    private final org.bytedeco.pytorch.Tensor handle;
    private final TensorFacts facts;
    private boolean kept;

    private Tensor(org.bytedeco.pytorch.Tensor handle) {
        this.handle = handle;
        this.facts = new TensorFacts(handle);
    }

    static Tensor wrap(org.bytedeco.pytorch.Tensor handle) {
        Scope.requireOpen();
        return new Tensor(handle);
    }

    org.bytedeco.pytorch.Tensor handle() {
        return handle;
    }

    // ---- making ----

    /** A tensor of unspecified content. */
    public static Tensor empty(DType dtype, Device device, long... shape) {
        Tensor tensor = wrap(torch.empty(shape, Constants.options(dtype, device), null));
        tensor.facts.know(dtype, shape);
        return tensor;
    }

    /** A tensor of zeros. */
    public static Tensor zeros(DType dtype, Device device, long... shape) {
        return wrap(torch.zeros(shape, Constants.options(dtype, device)));
    }

    /** A tensor of one value. */
    public static Tensor full(double value, DType dtype, Device device, long... shape) {
        return wrap(torch.full(shape, Constants.scalar(value), Constants.options(dtype, device)));
    }

    /** The numbers 0 to count - 1. I64, [count]. */
    public static Tensor arange(long count, Device device) {
        return wrap(torch.arange(Constants.scalar(count), Constants.options(DType.I64, device)));
    }

    /** A copy of an array. F32 of the given shape. */
    public static Tensor of(float[] values, Device device, long... shape) {
        DeviceWork.forbid("an array of the host");
        Tensor host = empty(DType.F32, Device.CPU, checked(values.length, shape));
        new FloatPointer(host.handle.data_ptr()).put(values);
        return host.to(device);
    }

    /** A copy of an array. I64 of the given shape. */
    public static Tensor of(long[] values, Device device, long... shape) {
        DeviceWork.forbid("an array of the host");
        Tensor host = empty(DType.I64, Device.CPU, checked(values.length, shape));
        new LongPointer(host.handle.data_ptr()).put(values);
        return host.to(device);
    }

    /** A copy of an array. BOOL, [length]. */
    public static Tensor of(boolean[] values, Device device) {
        return of(Inputs.bytes(values), DType.BOOL, values.length).to(device);
    }

    /** A copy of bytes in native order. */
    public static Tensor of(byte[] bytes, DType dtype, long... shape) {
        DeviceWork.forbid("bytes of the host");
        Tensor host = empty(dtype, Device.CPU, shape);
        checkedBytes(bytes.length, host);
        new BytePointer(host.handle.data_ptr()).put(bytes);
        return host;
    }

    /**
     * A tensor over memory that is not copied. The caller holds the buffer for as long as the tensor or a view of it lives: memory
     * under a tensor is not freed by this class.
     *
     * @param memory a direct buffer
     * @param offset where the tensor starts in it, in bytes from 0
     * @param dtype the type of the elements
     * @param shape the shape, rows last-index-fastest
     */
    public static Tensor over(ByteBuffer memory, long offset, DType dtype, long... shape) {
        DeviceWork.forbid("memory of the host");
        long bytes = elements(shape) * dtype.bytes();
        if (!memory.isDirect() || offset < 0 || offset + bytes > memory.capacity()) {
            throw new IllegalArgumentException("A tensor " + dtype + Arrays.toString(shape) + " at offset " + offset
                    + " needs a direct buffer of " + (offset + bytes) + " bytes, found " + memory);
        }
        Pointer start = new BytePointer(memory.duplicate().clear()).position(offset);
        return wrap(torch.from_blob(start, shape, Constants.options(dtype, Device.CPU)));
    }

    /**
     * A tensor on the CPU whose elements the caller writes.
     *
     * @param writer gets its memory, from 0 to the limit, in native order; not to be used afterwards
     */
    public static Tensor filled(DType dtype, Consumer<ByteBuffer> writer, long... shape) {
        DeviceWork.forbid("memory of the host");
        Tensor tensor = empty(dtype, Device.CPU, shape);
        writer.accept(tensor.memory());
        return tensor;
    }

    /** Bytes on the CPU from which a device copies without another stop. U8, [capacity]. */
    static Tensor staging(int capacity, Device device) {
        Tensor tensor = empty(DType.U8, Device.CPU, capacity);
        return device.kind() == Device.Kind.CUDA ? wrap(tensor.handle.pin_memory()) : tensor;
    }

    /** The memory of a contiguous tensor on the CPU, in native order, for as long as it lives. */
    ByteBuffer memory() {
        return new BytePointer(handle.data_ptr()).capacity(bytes()).asByteBuffer();
    }

    // ---- life ----

    /**
     * Promotes this tensor out of its scope. It lives until {@link #close()}.
     *
     * @return this
     */
    public Tensor keep() {
        if (!kept) {
            handle.retainReference();
            kept = true;
            NativeMemory.kept(bytes());
        }
        return this;
    }

    /** Frees a kept tensor; does nothing to one that belongs to a scope. Idempotent. */
    @Override
    public void close() {
        if (kept) {
            kept = false;
            NativeMemory.released(bytes());
            handle.close();
        }
    }

    // ---- asking ----

    /** The sizes of all dimensions. */
    public long[] shape() {
        return facts.shape().clone();
    }

    /** The sizes of all dimensions but the last, and another last: those of a product, for instance. */
    public long[] shapeWithLast(long size) {
        long[] shape = shape();
        shape[shape.length - 1] = size;
        return shape;
    }

    /** The number of dimensions. */
    public int dim() {
        return facts.shape().length;
    }

    /** The size of one dimension, counted from the end if negative. */
    public long size(int dimension) {
        long[] all = facts.shape();
        return all[dimension < 0 ? dimension + all.length : dimension];
    }

    /** The number of elements. */
    public long elements() {
        return elements(facts.shape());
    }

    /** The bytes of all elements. */
    public long bytes() {
        return elements() * dtype().bytes();
    }

    /** The type of the elements. */
    public DType dtype() {
        return facts.dtype();
    }

    /** Returns the device of the elements. */
    public Device device() {
        return facts.device();
    }

    /** Returns whether the elements start at an address that is a multiple of their size. */
    public boolean isAligned() {
        return address() % dtype().bytes() == 0;
    }

    /** Returns whether the elements follow each other, row by row. */
    boolean isContiguous() {
        return facts.isContiguous();
    }

    /** Elements from one entry of a dimension to the next. */
    long stride(int dimension) {
        return handle.stride(dimension);
    }

    /** Returns whether this and another tensor share memory, as a view does. */
    public boolean isAliasOf(Tensor other) {
        return handle.is_alias_of(other.handle);
    }

    /** Returns the address of the first element; valid as long as the tensor lives. */
    long address() {
        return facts.address();
    }

    /** All elements as floats, row by row. Waits for the device. */
    public float[] toFloats() {
        DeviceWork.forbid("a read-back");
        float[] values = new float[Math.toIntExact(elements())];
        Tensor host = to(DType.F32).to(Device.CPU).contiguous();
        if (values.length > 0) { // an empty tensor has no address
            new FloatPointer(host.handle.data_ptr()).get(values);
        }
        return values;
    }

    /** All elements as longs, row by row. Waits for the device. */
    public long[] toLongs() {
        DeviceWork.forbid("a read-back");
        long[] values = new long[Math.toIntExact(elements())];
        Tensor host = to(DType.I64).to(Device.CPU).contiguous();
        if (values.length > 0) { // an empty tensor has no address
            new LongPointer(host.handle.data_ptr()).get(values);
        }
        return values;
    }

    /** All elements as they are, in native order, row by row. Waits for the device. */
    public byte[] toBytes() {
        DeviceWork.forbid("a read-back");
        byte[] values = new byte[Math.toIntExact(bytes())];
        Tensor host = to(Device.CPU).contiguous();
        if (values.length > 0) { // an empty tensor has no address
            new BytePointer(host.handle.data_ptr()).get(values);
        }
        return values;
    }

    // ---- converting and viewing ----

    /** This in another type; itself if it has that type. */
    public Tensor to(DType dtype) {
        return dtype() == dtype ? this : wrap(handle.to(dtype.scalarType()));
    }

    /** This on another device; itself if it is there. */
    public Tensor to(Device device) {
        if (device().equals(device)) {
            return this;
        }
        DeviceWork.forbid("a copy to another device");
        return wrap(handle.to(device.handle(), dtype().scalarType()));
    }

    /** This with its elements one after the other; itself if they are. */
    public Tensor contiguous() {
        return isContiguous() ? this : wrap(handle.contiguous());
    }

    /** A copy. */
    public Tensor copy() {
        return wrap(handle.clone());
    }

    /** A view of another shape; fails if that needs a copy. */
    public Tensor view(long... shape) {
        return wrap(handle.view(shape));
    }

    /** The bytes of this [bytes] U8, contiguous, as elements of another type: a view [elements]. */
    Tensor bitsAs(DType dtype) {
        return wrap(handle.view(dtype.scalarType()));
    }

    /** Another shape, by a copy where a view cannot be had. */
    public Tensor reshape(long... shape) {
        return wrap(handle.reshape(shape));
    }

    /** A view of {@code length} entries from {@code start} along a dimension; itself if those are all. */
    public Tensor narrow(int dimension, long start, long length) {
        return start == 0 && length == size(dimension) ? this : wrap(handle.narrow(dimension, start, length));
    }

    /** A view of one entry along a dimension, which disappears. */
    public Tensor select(int dimension, long index) {
        return wrap(handle.select(dimension, index));
    }

    /** A view with two dimensions exchanged. */
    public Tensor transpose(int first, int second) {
        return wrap(handle.transpose(first, second));
    }

    /** A view with its dimensions in another order. */
    public Tensor permute(long... order) {
        return wrap(handle.permute(order));
    }

    /** A view with a dimension of size 1 inserted. */
    public Tensor unsqueeze(int dimension) {
        return wrap(handle.unsqueeze(dimension));
    }

    /** A view in which dimensions of size 1 are repeated; -1 keeps a size. */
    public Tensor expand(long... shape) {
        return wrap(handle.expand(shape));
    }

    /**
     * A view of a contiguous [B, T, C] whose steps are windows of {@code size} steps, laid end to end, every {@code stride} steps:
     * [B, (T - size) / stride + 1, size * C]. Windows may overlap: not to be written to.
     */
    public Tensor windows(long size, long stride) {
        if (dim() != 3 || !handle.is_contiguous()) {
            throw new IllegalArgumentException(
                    "Windows are viewed in contiguous memory of shape [B, T, C], found " + this);
        }
        long steps = size(1);
        long channels = size(2);
        long[] shape = {size(0), (steps - size) / stride + 1, size * channels};
        long[] strides = {steps * channels, stride * channels, 1};
        return wrap(handle.as_strided(shape, strides, new LongOptional()));
    }

    // ---- arithmetic, with broadcasting ----

    /** this + other. */
    public Tensor add(Tensor other) {
        return wrap(handle.add(other.handle));
    }

    /** this + value. */
    public Tensor add(double value) {
        return wrap(handle.add(Constants.scalar(value)));
    }

    /** this += other; returns this. */
    public Tensor addInPlace(Tensor other) {
        handle.add_(other.handle);
        return this;
    }

    /** this += value; returns this. */
    public Tensor addInPlace(double value) {
        handle.add_(Constants.scalar(value));
        return this;
    }

    /** this *= other; returns this. */
    public Tensor mulInPlace(Tensor other) {
        handle.mul_(other.handle);
        return this;
    }

    /** this - other. */
    public Tensor sub(Tensor other) {
        return wrap(handle.sub(other.handle));
    }

    /** this * other. */
    public Tensor mul(Tensor other) {
        return wrap(handle.mul(other.handle));
    }

    /** this * value. */
    public Tensor mul(double value) {
        return wrap(handle.mul(Constants.scalar(value)));
    }

    /** this / other. */
    public Tensor div(Tensor other) {
        return wrap(handle.div(other.handle));
    }

    /** Matrix product over the last two dimensions. */
    public Tensor matmul(Tensor other) {
        return wrap(handle.matmul(other.handle));
    }

    // ---- writing ----

    /** Copies another tensor's elements into this one, with broadcasting and conversion; returns this. */
    public Tensor copyFrom(Tensor source) {
        handle.copy_(source.handle);
        return this;
    }

    /** Copies another tensor's elements into this one, which a device may do later; the source must not change before. */
    void copyLater(Tensor source) {
        handle.copy_(source.handle, true);
    }

    /** Sets all elements; returns this. */
    public Tensor fill(double value) {
        handle.fill_(Constants.scalar(value));
        return this;
    }

    /** Writes source elements at the places that index (I64) names along a dimension; returns this. */
    public Tensor scatter(int dimension, Tensor index, Tensor source) {
        handle.scatter_(dimension, index.handle, source.handle);
        return this;
    }

    @Override
    public String toString() {
        return "Tensor " + dtype() + Arrays.toString(shape()) + " on " + device();
    }

    static long elements(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            elements = Math.multiplyExact(elements, size);
        }
        return elements;
    }

    private static long[] checked(int length, long[] shape) {
        if (elements(shape) != length) {
            throw new IllegalArgumentException(
                    "A tensor of shape " + Arrays.toString(shape) + " cannot hold " + length + " values");
        }
        return shape;
    }

    private static void checkedBytes(int length, Tensor tensor) {
        if (tensor.bytes() != length) {
            throw new IllegalArgumentException(tensor + " needs " + tensor.bytes() + " bytes, found " + length);
        }
    }
}
