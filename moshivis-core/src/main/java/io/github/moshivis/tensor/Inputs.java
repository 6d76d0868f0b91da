package io.github.moshivis.tensor;

import java.util.List;

/**
 * Inputs that the host computes for one call before the device begins: positions, masks, noise, settings. A call has three parts. First
 * components add their arrays here and keep the {@link Input}s; then {@link #upload} brings all of them to the device at once; then
 * {@link DeviceWork} reads them, and takes nothing else from the host.
 *
 * <p>Two calls with the same {@link #signature} do the same work on the device, at the same addresses, if components say so where
 * they decide: by the shapes they add and by {@link #decide}. Such work can be recorded once and replayed.
 *
 * <p>Used by one thread.
 */
public abstract class Inputs implements AutoCloseable {
    private final Device device;

    Inputs(Device device) {
        this.device = device;
    }

    /**
     * Inputs that become tensors as they are added, in the scope of the call. For the CPU, where nothing has to be brought anywhere
     * and each shape may be what the call needs, and for calls outside ticks.
     *
     * @param device where they are wanted
     */
    public static Inputs direct(Device device) {
        return new DirectInputs(device);
    }

    /**
     * Inputs that are brought to a device together, to the same place each time.
     *
     * @param device where they are wanted; the CPU shows that work can be replayed
     */
    public static Inputs packed(Device device) {
        return new PackedInputs(device);
    }

    /** Returns the device that reads the inputs. */
    public final Device device() {
        return device;
    }

    /**
     * Returns whether work is to be replayed. Then shapes are chosen from few, masks take the place of lengths, and everything else that
     * differs from call to call is an input.
     */
    public abstract boolean isReplayed();

    /** Adds F32 of a shape. */
    public abstract Input add(float[] values, long... shape);

    /** Adds I64 of a shape. */
    public abstract Input add(long[] values, long... shape);

    /** Adds BOOL of a shape. */
    public abstract Input add(boolean[] values, long... shape);

    /** Says on what the work depends besides the shapes of inputs. */
    public abstract void decide(Object decision);

    /** Starts the next call: what was added is forgotten. */
    public abstract void begin();

    /** Brings all inputs to the device, where they are once work that is enqueued now begins. */
    public abstract void upload();

    /** Returns the signature of the work, after {@link #upload}; equal lists are equal work. */
    public abstract List<Object> signature();

    @Override
    public abstract void close();

    static byte[] bytes(boolean[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return bytes;
    }

    /** See {@link Inputs#direct}. Holds nothing. */
    private static final class DirectInputs extends Inputs {
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
}
