package io.github.moshivis.tensor;

import io.github.moshivis.errors.NativeException;
import org.bytedeco.pytorch.cuda.CUDAStream;

/**
 * The order in which a thread's operators run on a device. On a GPU a stream of its own, which is the thread's until it is closed;
 * streams do not wait for one another. On the CPU operators run as they are called, and this does nothing. Belongs to the thread
 * that entered it.
 */
public final class DeviceStream implements AutoCloseable {
    private final Device device;
    private final OnGpu gpu;

    /** A stream on a GPU, and the thread's former stream. */
    private record OnGpu(CUDAStream stream, CUDAStream before) {
        static OnGpu enter(int device) {
            Cuda.load();
            OnGpu entered = new OnGpu(Cuda.newStream(device), Cuda.currentStream(device));
            Cuda.use(entered.stream);
            return entered;
        }
    }

    private DeviceStream(Device device, OnGpu gpu) {
        this.device = device;
        this.gpu = gpu;
    }

    /**
     * Gives this thread a stream of its own.
     *
     * @param device where it computes
     * @return the stream, to be closed by the same thread
     * @throws NativeException if LibTorch does not report the device, or what the presets need for it is not there
     */
    public static DeviceStream enter(Device device) {
        if (device.kind() != Device.Kind.CUDA) {
            return new DeviceStream(device, null);
        }
        LibTorch.require(device);
        try {
            return new DeviceStream(device, OnGpu.enter(device.index()));
        } catch (LinkageError e) {
            throw new NativeException(
                    "Device " + device + " cannot be used: found no classes or libraries for CUDA ("
                            + LibTorch.firstLine(e.toString())
                            + "), expected those of the presets. Add io.github.moshivis:moshivis-natives-"
                            + LibTorch.platform() + "-gpu (type pom); docs/gpu.md has all that a GPU needs",
                    e);
        }
    }

    /** Waits until everything that this thread has enqueued is done. */
    public void synchronize() {
        if (gpu != null) {
            gpu.stream.synchronize();
        }
    }

    /**
     * Creates a recorder of this stream's work.
     *
     * @return owned by the caller; null where nothing is recorded, because operators cost little beside what they do
     */
    public GraphRecorder newRecorder() {
        return gpu == null ? null : new CudaGraphs(device.index(), gpu.stream);
    }

    /** Waits, and gives the thread back what it had. */
    @Override
    public void close() {
        if (gpu != null) {
            gpu.stream.synchronize();
            Cuda.use(gpu.before);
            gpu.stream.close();
            gpu.before.close();
        }
    }
}
