package io.github.moshivis.kernel;

/**
 * Operators on whole rows between products, over plain addresses, computed in float32 and rounded once. A row depends on nothing but its own
 * numbers. Stateless.
 */
public final class RowKernel {
    /** Norms over a row. */
    public enum Norm {
        /** Division by the root of the mean of the squares. */
        MEAN_OF_SQUARES,
        /** Division by the root of the unbiased variance, not centered. */
        VARIANCE,
        /** Layer norm: centered, division by the root of the biased variance. */
        LAYER
    }

    /**
     * Weights of a norm.
     *
     * @param norm which
     * @param epsilon added under the root
     * @param weight address of [dim]
     * @param bias address of [dim]; 0 for none
     * @param type of both, F32 or BF16
     * @param dim numbers of a row
     */
    public record Weights(Norm norm, double epsilon, long weight, long bias, MatrixKernels.Numbers type, long dim) {}

    private RowKernel() {}

    /**
     * Normalizes rows.
     *
     * @param set the instruction set
     * @param weights of the norm
     * @param x rows of weights.dim numbers, F32 or BF16
     * @param y takes the results in the type of x, without gaps
     */
    public static void normalize(InstructionSet set, Weights weights, MatrixKernels.Rows x, long y) {
        NativeCalls.normalize(
                set.number(),
                weights.norm.ordinal(),
                x.address(),
                x.type().ordinal(),
                x.stride(),
                weights.weight,
                weights.bias,
                weights.type.ordinal(),
                (float) weights.epsilon,
                y,
                x.count(),
                weights.dim);
    }

    /**
     * Computes {@code a * sigmoid(a) * b} of rows [a ; b].
     *
     * @param set the instruction set
     * @param x rows of 2 * hidden numbers without gaps, F32 or BF16
     * @param hidden numbers of a result
     * @param y takes the results in the type of x, without gaps
     */
    public static void gate(InstructionSet set, MatrixKernels.Rows x, long hidden, long y) {
        NativeCalls.gate(set.number(), x.address(), x.type().ordinal(), x.count(), hidden, y);
    }

    /**
     * A sum that gates open.
     *
     * @param gates address of [rows, dim], as all others F32 or BF16
     * @param shift added to the gates
     * @param x address of the summands
     * @param used address of a byte for each row, 0 where nothing is added; 0 if all rows count
     * @param type of all numbers
     * @param rows how many
     * @param dim numbers of a row
     */
    public record GatedSum(
            long gates, double shift, long x, long used, MatrixKernels.Numbers type, long rows, long dim) {}

    /**
     * Adds {@code x * sigmoid(gates + shift)}.
     *
     * @param set the instruction set
     * @param sum the summands
     * @param y address of the sum, [rows, dim]
     * @param means takes the mean of each row's sigmoids, 0 where nothing is added
     */
    public static void addGated(InstructionSet set, GatedSum sum, long y, long means) {
        NativeCalls.addGated(
                set.number(),
                sum.gates,
                sum.x,
                sum.type.ordinal(),
                (float) sum.shift,
                sum.used,
                y,
                means,
                sum.rows,
                sum.dim);
    }

    /**
     * Copies rows of a table.
     *
     * @param table address of [entries, rowBytes]
     * @param rowBytes bytes of a row
     * @param entries rows of the table
     * @param ids address of I64 [count]; a negative one stands for zeros
     * @param count how many
     * @param y takes the rows
     * @throws IndexOutOfBoundsException if an id is none of the table's rows
     */
    public static void lookUp(long table, long rowBytes, long entries, long ids, long count, long y) {
        long found = NativeCalls.lookUp(table, rowBytes, entries, ids, count, y);
        if (found < count) {
            throw new IndexOutOfBoundsException("An id is none of a table's " + entries + " rows: found it in place "
                    + found + ", expected 0 to " + (entries - 1) + ", or a negative one for zeros");
        }
    }

    /**
     * Adds {@code y += x}.
     *
     * @param x address of the summands
     * @param type F32 or BF16
     * @param y address of the sum
     * @param count how many
     */
    public static void add(long x, MatrixKernels.Numbers type, long y, long count) {
        NativeCalls.add(x, type.ordinal(), y, count);
    }

    /**
     * Scores of the vectors of a table, F32.
     *
     * @param scores address of [rows, entries]
     * @param rows how many
     * @param entries vectors of the table, at least 1
     * @param table address of [entries, dim]
     * @param dim numbers of a vector
     */
    public record Scores(long scores, long rows, long entries, long table, long dim) {}

    /**
     * Chooses in each row the vector of the largest score, the first of equal ones, and subtracts it. A NaN is above all.
     *
     * @param scores of the vectors
     * @param rest address of F32 [rows, dim], from which the vectors are subtracted
     * @param ids address of I64 [rows], takes the choices
     * @param stride from an id to the next, in elements
     */
    public static void subtractNearest(Scores scores, long rest, long ids, long stride) {
        NativeCalls.subtractNearest(
                scores.scores, scores.rows, scores.entries, scores.table, scores.dim, rest, ids, stride);
    }

    /**
     * Weights of an upsampling that keeps channels apart, F32.
     *
     * @param present address of [ratio, channels], weights of a step
     * @param before address of [ratio, channels], weights of the step before
     * @param ratio steps of the result for a step
     * @param channels numbers of a step
     */
    public record Upsampling(long present, long before, long ratio, long channels) {}

    /**
     * Computes {@code y[t, s] = x[t + 1] * present[s] + x[t] * before[s]}.
     *
     * @param weights of the upsampling
     * @param x address of F32 [1 + steps, channels]
     * @param steps without the first
     * @param y address of F32 [steps, ratio, channels]
     */
    public static void upsample(Upsampling weights, long x, long steps, long y) {
        NativeCalls.upsample(x, steps, weights.channels, weights.present, weights.before, weights.ratio, y);
    }

    /**
     * Computes {@code x = max(x, 0)}; NaN stays.
     *
     * @param x address of the numbers
     * @param type F32 or BF16
     * @param count how many
     */
    public static void rectify(long x, MatrixKernels.Numbers type, long count) {
        NativeCalls.rectify(x, type.ordinal(), count);
    }

    /**
     * Numbers of a choice.
     *
     * @param temperatures address of F32 [rows]
     * @param masses address of F32 [rows], how likely the tokens before one may be together; 0 for no limit
     * @param noise address of F32 [rows, ranks], above 0, by rank
     * @param ranks number of most likely tokens to choose from, at least 1
     */
    public record Choice(long temperatures, long masses, long noise, long ranks) {}

    /**
     * Chooses in each row a token among the most likely ones: that of the largest p / noise, with the softmax of logits / temperature for
     * p. The most likely token takes part whatever its mass. Tokens of one probability are ranked as LibTorch's topk ranks them.
     *
     * @param logits rows without gaps
     * @param entries tokens of the alphabet, at least the ranks
     * @param choice its numbers
     * @param tokens address of I64 [rows], takes the choices
     */
    public static void choose(MatrixKernels.Rows logits, long entries, Choice choice, long tokens) {
        NativeCalls.choose(
                logits.address(),
                logits.type().ordinal(),
                choice.temperatures,
                choice.masses,
                choice.noise,
                logits.count(),
                entries,
                choice.ranks,
                Scratch.of(NativeCalls.choiceBytes(entries)),
                tokens);
    }
}
