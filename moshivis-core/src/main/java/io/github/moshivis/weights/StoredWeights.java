package io.github.moshivis.weights;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorBytes;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.quant.Dequantizer;
import io.github.moshivis.weights.quant.GroupedWeights;
import io.github.moshivis.weights.quant.Packing;
import io.github.moshivis.weights.quant.RowDecoder;
import io.github.moshivis.weights.quant.StoredGroups;
import java.util.Optional;
import java.util.Set;

/**
 * One tensor of a file, however it is stored: plain, in blocks, or packed in MLX's groups with {@code .scales} and {@code .biases}
 * beside it, whose presence decides. Checked against the shape that it must have; not to be read if there is a {@link #problem()}.
 */
public final class StoredWeights {
    private static final String WEIGHT = ".weight";
    private static final String SCALES = ".scales";
    private static final String BIASES = ".biases";

    private final TensorFile file;
    private final String name;
    private final Shape shape;
    private final StoredTensor stored;
    private final StoredTensor scales;
    private final StoredTensor biases;

    /**
     * Looks up a tensor.
     *
     * @param file the file
     * @param name the tensor's name in it
     * @param shape the shape that it must have in plain numbers, without leading ones
     */
    public StoredWeights(TensorFile file, String name, Shape shape) {
        this.file = file;
        this.name = name;
        this.shape = shape;
        this.stored = file.tensors().get(name);
        this.scales = companion(SCALES);
        this.biases = companion(BIASES);
    }

    private StoredTensor companion(String suffix) {
        return name.endsWith(WEIGHT) ? file.tensors().get(companion(name, suffix)) : null;
    }

    private static String companion(String name, String suffix) {
        return name.substring(0, name.length() - WEIGHT.length()) + suffix;
    }

    /** The name of the scales of weights in groups. */
    public static String scales(String name) {
        return companion(name, SCALES);
    }

    /** The name of the offsets of weights in groups. */
    public static String offsets(String name) {
        return companion(name, BIASES);
    }

    /** The name of the weights that scales or offsets belong to; other names as they are. */
    static String weightName(String name) {
        return name.replaceFirst("(\\.scales|\\.biases)$", WEIGHT);
    }

    /** The names under which a file may hold a tensor and what belongs to it. */
    public static Set<String> names(String name) {
        return name.endsWith(WEIGHT) ? Set.of(name, scales(name), offsets(name)) : Set.of(name);
    }

    /** Returns whether the tensor is packed in groups. */
    boolean isPacked() {
        return scales != null;
    }

    /**
     * Returns whether the file does not hold it in plain numbers.
     *
     * @return true for blocks and groups
     */
    public boolean isQuantized() {
        return isPacked() || stored.type().isBlock();
    }

    /**
     * Describes the stored form.
     *
     * @return the type, or bits and group
     */
    public String storage() {
        return isPacked() ? "q" + bits() + " group " + group() : stored.type().name();
    }

    /** Returns the reason why the tensor cannot be read, found and expected; empty if it can. */
    public Optional<String> problem() {
        if (stored == null) {
            return Optional.of("missing, expected shape " + shape);
        }
        if (isPacked()) {
            return packingProblem();
        }
        if (stored.type() == StoredType.U32) {
            return Optional.of("is packed in words, and there is no '" + companion(name, SCALES)
                    + "': expected scales and offsets beside it");
        }
        if (!stored.type().isBlock() && dtype(stored.type()) == null) {
            return Optional.of("has type " + stored.type() + ", expected F32, F16, BF16, F64 or blocks");
        }
        if (!stored.shape().withoutLeadingOnes().equals(shape.withoutLeadingOnes())) {
            return Optional.of("has shape " + stored.shape() + ", expected " + shape);
        }
        return Optional.empty();
    }

    private Optional<String> packingProblem() {
        if (biases == null) {
            return Optional.of(
                    "has scales, and there is no '" + companion(name, BIASES) + "': expected offsets beside it");
        }
        if (stored.type() != StoredType.U32 || dtype(scales.type()) == null || dtype(biases.type()) == null) {
            return Optional.of("has type " + stored.type() + " with scales of " + scales.type() + " and offsets of "
                    + biases.type() + ", expected U32 with floating ones");
        }
        boolean fits = shape.rank() == 2
                && stored.shape().rank() == 2
                && stored.shape().dimension(0) == shape.dimension(0)
                && scales.shape().rank() == 2
                && scales.shape().dimension(0) == shape.dimension(0)
                && scales.shape().equals(biases.shape())
                && isDivisible(stored.shape().dimension(1) * Integer.SIZE, shape.dimension(1))
                && isDivisible(shape.dimension(1), scales.shape().dimension(1))
                && bits() >= 2
                && bits() <= Byte.SIZE;
        return fits
                ? Optional.empty()
                : Optional.of("is packed as " + stored.shape() + " with scales " + scales.shape() + " and offsets "
                        + biases.shape() + ", which contradicts the shape " + shape
                        + ": expected whole rows of 2 to 8 bits a value in equal groups");
    }

    private static boolean isDivisible(long number, long by) {
        return by > 0 && number % by == 0 && number > 0;
    }

    private int bits() {
        return (int) (stored.shape().dimension(1) * Integer.SIZE / shape.dimension(1));
    }

    private int group() {
        return (int) (shape.dimension(1) / scales.shape().dimension(1));
    }

    /** Returns the elements of a row in plain numbers. */
    long columns() {
        return shape.dimension(1);
    }

    /** Returns whether {@link #read} gives the file's memory itself, in a type. */
    boolean isReadInPlace(long first, long count, DType dtype) {
        if (isPacked() || dtype(stored.type()) != dtype) {
            return false;
        }
        try (Scope scope = Scope.open()) {
            return inPlace(bytes(first, count, dtype), dtype, shape(count)).isAligned();
        }
    }

    /**
     * Reads rows in plain numbers.
     *
     * @param first the first entry along the first dimension
     * @param count how many; all of the tensor's unless it is a matrix
     * @param dtype the type that they become, except where they are stored in plain numbers
     * @return on the CPU; over the file's memory where it is aligned and in plain numbers
     */
    Tensor read(long first, long count, DType dtype) {
        if (!isPacked() && !stored.type().isBlock()) {
            return plain(first, count);
        }
        TensorBytes bytes = file.bytes(name);
        RowDecoder decoder = isPacked() ? packed(bytes) : blocks(bytes);
        long rows = shape.elements() / decoder.columns();
        if (shape.rank() == 2) {
            return Dequantizer.numbers(decoder, first, count, dtype);
        }
        return Dequantizer.numbers(decoder, 0, rows, dtype).view(shape.toArray());
    }

    /**
     * Reads rows of a quantized matrix in plain numbers.
     *
     * @param first the first row
     * @param count how many
     * @return row after row
     */
    public float[] numbers(long first, long count) {
        try (Scope scope = Scope.open()) {
            return read(first, count, DType.F32).toFloats();
        }
    }

    /** Rows of a matrix as they are quantized, on the CPU; empty if that is not in groups of plain bytes. */
    Optional<GroupedWeights> grouped(long first, long count) {
        return groups(first, count).map(StoredGroups::read);
    }

    private Optional<StoredGroups> groups(long first, long count) {
        if (isPacked()) {
            return Optional.of(new StoredGroups(
                    bits(), group(), width -> isSymmetric(first, count, width), () -> packedGroups(first, count)));
        }
        return stored.type().isBlock() ? blocks(file.bytes(name)).groups(first, count) : Optional.empty();
    }

    private GroupedWeights packedGroups(long first, long count) {
        RowDecoder.Packed packed = packed(file.bytes(name));
        Tensor values =
                Dequantizer.bytes((row, out, to) -> packed.values(first + row, out, to), count, packed.columns());
        return new GroupedWeights(
                bits(),
                group(),
                values,
                floats(scales).narrow(0, first, count),
                floats(biases).narrow(0, first, count));
    }

    private boolean isSymmetric(long first, long count, int width) {
        try (Scope scope = Scope.open()) {
            return GroupedWeights.isSymmetric(
                    floats(scales).narrow(0, first, count), floats(biases).narrow(0, first, count), width);
        }
    }

    /**
     * Rows of a matrix, to be packed.
     *
     * @param first the first row
     * @param count how many
     * @param device device of the packed matrix
     */
    Packing.Source matrix(long first, long count, Device device) {
        return new Packing.Source() {
            @Override
            public long out() {
                return count;
            }

            @Override
            public long in() {
                return shape.dimension(1);
            }

            @Override
            public Device device() {
                return device;
            }

            @Override
            public boolean isQuantized() {
                return isPacked() || stored.type().isBlock();
            }

            @Override
            public Optional<StoredGroups> groups() {
                return StoredWeights.this.groups(first, count).map(groups -> groups.to(device));
            }

            @Override
            public Tensor plain() {
                return read(first, count, DType.BF16).to(device);
            }
        };
    }

    private RowDecoder.Blocks blocks(TensorBytes bytes) {
        return new RowDecoder.Blocks(bytes, stored.type(), (int) shape.dimension(shape.rank() - 1));
    }

    private RowDecoder.Packed packed(TensorBytes bytes) {
        return new RowDecoder.Packed(
                bytes,
                (int) shape.dimension(1),
                bits(),
                group(),
                floats(scales).toFloats(),
                floats(biases).toFloats());
    }

    private Tensor floats(StoredTensor companion) {
        return plain(file.bytes(companion.name()), dtype(companion.type()), companion.shape())
                .to(DType.F32);
    }

    /** Entries along the first dimension, and no others: a file may hold many matrices as one. */
    private Tensor plain(long first, long count) {
        DType dtype = dtype(stored.type());
        return plain(bytes(first, count, dtype), dtype, shape(count));
    }

    private TensorBytes bytes(long first, long count, DType dtype) {
        int entry = (int) (shape.entry().elements() * dtype.bytes());
        return file.bytes(name, (int) (first * entry), (int) (count * entry));
    }

    private Shape shape(long count) {
        return shape.rank() == 0 ? shape : shape.with(0, count);
    }

    private static Tensor plain(TensorBytes bytes, DType dtype, Shape shape) {
        Tensor inPlace = inPlace(bytes, dtype, shape);
        return inPlace.isAligned() ? inPlace : Tensor.of(copy(bytes), dtype, shape.toArray());
    }

    private static Tensor inPlace(TensorBytes bytes, DType dtype, Shape shape) {
        return Tensor.over(bytes.window(), bytes.position(), dtype, shape.toArray());
    }

    private static byte[] copy(TensorBytes bytes) {
        byte[] copy = new byte[bytes.length()];
        bytes.slice().get(copy);
        return copy;
    }

    private static DType dtype(StoredType type) {
        return switch (type) {
            case F64 -> DType.F64;
            case F32 -> DType.F32;
            case F16 -> DType.F16;
            case BF16 -> DType.BF16;
            default -> null;
        };
    }
}
