package io.github.moshivis.tensor;

import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.pytorch.cuda.CUDAEvent;
import org.bytedeco.pytorch.cuda.CUDAStream;

/** Two slabs of pinned memory, and an event for each that tells when its copy is done. */
final class PinnedLanes implements Uploads.Lanes {
    private static final int COUNT = 2;

    private final CUDAStream stream;
    private final Pointer[] slabs = new Pointer[COUNT];
    private final CUDAEvent[] events = new CUDAEvent[COUNT];
    private final boolean[] used = new boolean[COUNT];

    /** Takes memory for copies on the thread's present stream. */
    PinnedLanes(int device, long bytes) {
        stream = Cuda.currentStream(device);
        try {
            for (int lane = 0; lane < COUNT; lane++) {
                slabs[lane] = pinned(bytes);
                events[lane] = new CUDAEvent().retainReference();
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private static Pointer pinned(long bytes) {
        try (PointerPointer<BytePointer> address = new PointerPointer<>(1)) {
            Cuda.check(cudart.cudaHostAlloc(address, bytes, cudart.cudaHostAllocDefault), "allocate pinned memory");
            return address.get(BytePointer.class); // not owned: freed by hand
        }
    }

    @Override
    public int count() {
        return COUNT;
    }

    @Override
    public Pointer memory(int lane) {
        return slabs[lane];
    }

    @Override
    public void start(int lane, Pointer target, long bytes) {
        Cuda.check(
                cudart.cudaMemcpyAsync(target, slabs[lane], bytes, cudart.cudaMemcpyHostToDevice, Cuda.handle(stream)),
                "copy weights to the device");
        events[lane].record(stream);
        used[lane] = true;
    }

    @Override
    public void await(int lane) {
        if (used[lane]) {
            events[lane].synchronize();
        }
    }

    @Override
    public void close() {
        stream.synchronize();
        for (int lane = 0; lane < COUNT; lane++) {
            if (events[lane] != null) {
                events[lane].close();
            }
            if (slabs[lane] != null) {
                cudart.cudaFreeHost(slabs[lane]);
            }
        }
        stream.close();
    }
}
