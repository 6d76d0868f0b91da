package io.github.moshivis.tensor;

import java.util.List;

/** See {@link Inputs#direct}. Holds nothing. */
final class DirectInputs extends Inputs {
    DirectInputs(Device device) {
        super(device);
    }

    @Override
    public boolean isReplayed() {
        return false;
    }

    @Override
    public Input add(float[] values, long... shape) {
        return input(Tensor.of(values, device(), shape));
    }

    @Override
    public Input add(long[] values, long... shape) {
        return input(Tensor.of(values, device(), shape));
    }

    @Override
    public Input add(boolean[] values, long... shape) {
        Tensor flat = Tensor.of(values, device());
        return input(shape.length == 1 ? flat : flat.view(shape));
    }

    private static Input input(Tensor tensor) {
        return () -> tensor;
    }

    @Override
    public void decide(Object decision) {}

    @Override
    public void begin() {}

    @Override
    public void upload() {}

    @Override
    public List<Object> signature() {
        throw new IllegalStateException("Direct inputs are not replayed and have no signature; use Inputs.packed");
    }

    @Override
    public void close() {}
}
