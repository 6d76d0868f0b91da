package io.github.moshivis.tensor;

import org.bytedeco.pytorch.Scalar;

/**
 * Arithmetic in place, for optimizers: each method changes its first argument, in a call of {@link Autograd#withoutGradient}. Factors
 * may differ from call to call. Stateless.
 */
public final class Updates {
    private Updates() {}

    /** x *= factor. */
    public static void scale(Tensor x, double factor) {
        x.handle().mul_(new Scalar(factor));
    }

    /** x += factor * y. */
    public static void add(Tensor x, Tensor y, double factor) {
        x.handle().add_(y.handle(), new Scalar(factor));
    }

    /** x += factor * y * z. */
    public static void addProduct(Tensor x, Tensor y, Tensor z, double factor) {
        x.handle().addcmul_(y.handle(), z.handle(), new Scalar(factor));
    }

    /** x += factor * y / z. */
    public static void addQuotient(Tensor x, Tensor y, Tensor z, double factor) {
        x.handle().addcdiv_(y.handle(), z.handle(), new Scalar(factor));
    }

    /** Rows of x, by their numbers I64 [n], which may repeat, += rows of y [n, ..]. */
    public static void addRows(Tensor x, Tensor index, Tensor y) {
        x.handle().index_add_(0, index.handle(), y.handle());
    }
}
