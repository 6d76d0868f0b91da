package io.github.moshivis.tensor;

/**
 * The operations after a product, in the same pass over its results where a kernel can: {@code activation(residual + factors * product)}.
 *
 * @param activation applied last
 * @param factors [out]; null for none; not owned
 * @param residual [.., out], of the shape of the product; null for none; not owned
 */
public record Epilogue(Activation activation, Tensor factors, Tensor residual) {
    /** The product as it is. */
    public static final Epilogue NONE = of(Activation.NONE);

    /** An activation alone. */
    public static Epilogue of(Activation activation) {
        return new Epilogue(activation, null, null);
    }

    /** Applies it by itself; changes and returns the product. */
    public Tensor apply(Tensor product) {
        Tensor scaled = factors == null ? product : product.mul(factors);
        Tensor sum = residual == null ? scaled : scaled.addInPlace(residual);
        return activation.inPlace(sum);
    }
}
