package io.github.moshivis.weights.file;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;

/**
 * The dimensions of a stored tensor, outermost first; none for a scalar. No dimension is negative, and the count of the elements fits a
 * long; a zero dimension makes an empty tensor. Live tensors state theirs as LibTorch takes them, in a {@code long[]}: see {@link #of}
 * and {@link #toArray}. Immutable.
 */
public final class Shape implements Iterable<Long> {
    /** More dimensions than any tensor of a released checkpoint has (4, the kernel of SigLIP's patch convolution). */
    static final int MAX_RANK = 8;

    private final long[] dimensions;
    private final long elements;
    private final long extent;

    /** Takes an array over. */
    private Shape(long[] dimensions) {
        if (dimensions.length > MAX_RANK) {
            throw new IllegalArgumentException(
                    "shape with " + dimensions.length + " dimensions, expected at most " + MAX_RANK);
        }
        this.dimensions = dimensions;
        long product = 1;
        long nonEmpty = 1;
        for (long dimension : dimensions) {
            if (dimension < 0) {
                throw new IllegalArgumentException("shape " + this + ", expected no negative dimension");
            }
            product *= dimension;
            try {
                nonEmpty = Math.multiplyExact(nonEmpty, Math.max(dimension, 1));
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("shape " + this + ", expected one whose byte count fits 63 bits", e);
            }
        }
        this.elements = product;
        this.extent = nonEmpty;
    }

    /**
     * A shape.
     *
     * @param dimensions outermost first
     * @return the shape
     * @throws IllegalArgumentException for a negative dimension, more than 8 dimensions, or more elements than a long counts
     */
    public static Shape of(long... dimensions) {
        return new Shape(dimensions.clone());
    }

    /**
     * A shape of numbers that were read.
     *
     * @param dimensions outermost first
     * @return the shape
     * @throws IllegalArgumentException as {@link #of(long...)}
     */
    static Shape of(Collection<Long> dimensions) {
        return new Shape(dimensions.stream().mapToLong(Long::longValue).toArray());
    }

    /**
     * Returns the number of dimensions.
     *
     * @return from 0 for a scalar to 8
     */
    public int rank() {
        return dimensions.length;
    }

    /**
     * Returns one dimension.
     *
     * @param index from 0, the outermost
     * @return its size
     */
    public long dimension(int index) {
        return dimensions[index];
    }

    /**
     * Counts the elements.
     *
     * @return the product of the dimensions; 1 for a scalar
     */
    public long elements() {
        return elements;
    }

    /** The product of the dimensions but the zero ones: an empty tensor's others are bounded too, strides are computed from them. */
    long extent() {
        return extent;
    }

    /**
     * The shape of one entry along the first dimension: of a row of a matrix.
     *
     * @return all dimensions but the first; a scalar's is a scalar
     */
    public Shape entry() {
        return dimensions.length == 0 ? this : new Shape(Arrays.copyOfRange(dimensions, 1, dimensions.length));
    }

    /**
     * Replaces one dimension.
     *
     * @param index from 0, the outermost
     * @param size its new size
     * @return the other shape
     */
    public Shape with(int index, long size) {
        long[] changed = toArray();
        changed[index] = size;
        return new Shape(changed);
    }

    /**
     * Adds dimensions of size 1 before the others: norms are stored as [1, 1, D] by some.
     *
     * @param count how many
     * @return the larger shape
     */
    public Shape prependOnes(int count) {
        long[] larger = new long[count + dimensions.length];
        Arrays.fill(larger, 0, count, 1);
        System.arraycopy(dimensions, 0, larger, count, dimensions.length);
        return new Shape(larger);
    }

    /**
     * Removes dimensions of size 1 before the others; the last dimension stays.
     *
     * @return the smaller shape
     */
    public Shape withoutLeadingOnes() {
        int first = 0;
        while (first < dimensions.length - 1 && dimensions[first] == 1) {
            first++;
        }
        return new Shape(Arrays.copyOfRange(dimensions, first, dimensions.length));
    }

    /**
     * Copies the dimensions.
     *
     * @return outermost first
     */
    public long[] toArray() {
        return dimensions.clone();
    }

    @Override
    public Iterator<Long> iterator() {
        return Arrays.stream(dimensions).iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    /** As in {@code [2, 3]}. */
    @Override
    public String toString() {
        return Arrays.toString(dimensions);
    }
}
