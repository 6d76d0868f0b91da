package io.github.moshivis.tensor;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Copies tensors of any size to a device, such as weights from mapped files, with little memory in between: on a GPU through two
 * slabs of pinned memory, one of which is filled while the other is on its way. Used by one thread, on its {@link DeviceStream}.
 */
public final class Uploads implements AutoCloseable {
    /** Long enough that a copy takes milliseconds, and starting it nothing beside that. */
    private static final int SLAB_BYTES = 64 << 20;

    private final Device device;
    private final long slabBytes;
    private final Lanes lanes;
    private int next;

    /** Memory from which a device copies by itself. */
    interface Lanes extends AutoCloseable {
        /** Returns the number of buffers. */
        int count();

        /** Returns the memory to fill, while no copy from there is in progress. */
        Pointer memory(int lane);

        /** Starts to copy the first bytes of a lane. */
        void start(int lane, Pointer target, long bytes);

        /** Waits for the last copy from a lane, if there was one. */
        void await(int lane);

        /** Waits for all copies, and frees the memory. */
        @Override
        void close();
    }

    Uploads(Device device, long slabBytes, Lanes lanes) {
        this.device = device;
        this.slabBytes = slabBytes;
        this.lanes = lanes;
    }

    /**
     * Takes the memory in between, if the device needs any.
     *
     * @param device destination of the tensors
     */
    public static Uploads to(Device device) {
        Lanes lanes = device.kind() == Device.Kind.CUDA ? new PinnedLanes(device.index(), SLAB_BYTES) : null;
        return new Uploads(device, SLAB_BYTES, lanes);
    }

    /**
     * Brings a tensor to the device.
     *
     * @param host on the CPU; may be freed once this returns
     * @return the same elements there, as operators that are enqueued from now on see them; {@code host} itself if the device is the
     *     CPU
     */
    public Tensor upload(Tensor host) {
        if (lanes == null) {
            return host.to(device);
        }
        DeviceWork.forbid("an upload");
        Tensor source = host.contiguous();
        Tensor target = Tensor.empty(source.dtype(), device, source.shape());
        BytePointer from = new BytePointer(source.handle().data_ptr());
        BytePointer to = new BytePointer(target.handle().data_ptr());
        for (long offset = 0; offset < source.bytes(); offset += slabBytes) {
            long length = Math.min(slabBytes, source.bytes() - offset);
            lanes.await(next);
            Pointer.memcpy(lanes.memory(next), from.getPointer(offset), length);
            lanes.start(next, to.getPointer(offset), length);
            next = (next + 1) % lanes.count();
        }
        return target;
    }

    /** Waits until everything has arrived, and frees the memory in between. */
    @Override
    public void close() {
        if (lanes != null) {
            lanes.close();
        }
    }
}
