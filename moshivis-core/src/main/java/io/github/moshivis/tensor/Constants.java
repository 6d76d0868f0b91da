package io.github.moshivis.tensor;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;

/**
 * Native arguments that operators take again and again, made once and kept for good: making and freeing them takes longer than a
 * small operator. Not counted by {@link NativeMemory}. Thread-safe.
 */
final class Constants {
    /** More different numbers than a model has constants; beyond, scalars are made as they are needed. */
    private static final int MAX_SCALARS = 256;

    private static final AtomicLong KEPT = new AtomicLong();
    private static final ConcurrentMap<Number, Scalar> SCALARS = new ConcurrentHashMap<>();
    private static final ConcurrentMap<Double, DoubleOptional> OPTIONALS = new ConcurrentHashMap<>();
    private static final ConcurrentMap<Place, TensorOptions> OPTIONS = new ConcurrentHashMap<>();

    static final TensorOptional NO_TENSOR = forGood(new TensorOptional());
    static final DoubleOptional NO_DOUBLE = forGood(new DoubleOptional());
    static final ScalarTypeOptional NO_TYPE = forGood(new ScalarTypeOptional());
    static final ScalarTypeOptional FLOAT = forGood(new ScalarTypeOptional(DType.F32.scalarType()));
    static final LongOptional LAST = forGood(new LongOptional(-1));

    private Constants() {}

    /** The dtype and device of a constant. */
    private record Place(DType dtype, Device device) {}

    static Scalar scalar(double value) {
        return number(value, () -> new Scalar(value));
    }

    static Scalar scalar(long value) {
        return number(value, () -> new Scalar(value));
    }

    private static Scalar number(Number value, Supplier<Scalar> make) {
        Scalar known = SCALARS.get(value);
        if (known != null) {
            return known;
        }
        return SCALARS.size() < MAX_SCALARS ? SCALARS.computeIfAbsent(value, v -> forGood(make.get())) : make.get();
    }

    static TensorOptions options(DType dtype, Device device) {
        return OPTIONS.computeIfAbsent(
                new Place(dtype, device),
                place -> forGood(new TensorOptions(dtype.scalarType()).device(new DeviceOptional(device.handle()))));
    }

    static DoubleOptional optional(double value) {
        return OPTIONALS.computeIfAbsent(value, v -> forGood(new DoubleOptional(v)));
    }

    /** Returns the number of native objects that are never freed. */
    static long count() {
        return KEPT.get();
    }

    static <P extends Pointer> P forGood(P pointer) {
        KEPT.incrementAndGet();
        return pointer.retainReference();
    }
}
