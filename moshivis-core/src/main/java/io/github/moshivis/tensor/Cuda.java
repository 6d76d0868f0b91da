package io.github.moshivis.tensor;

import io.github.moshivis.errors.NativeException;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * The stream that a thread works on. Touches the CUDA presets, and so belongs to paths on which LibTorch has reported a GPU: see
 * {@link DeviceStream}.
 */
final class Cuda {
    private Cuda() {}

    /** Loads what the presets have for CUDA, of LibTorch and of CUDA itself. */
    static void load() {
        Loader.load(torch_cuda.class);
        Loader.load(cudart.class);
    }

    /** A stream of LibTorch's pool: the default stream cannot be captured. Not owned: the pool lives as long as LibTorch. */
    static CUDAStream newStream(int device) {
        boolean highPriority = false;
        return torch_cuda.getStreamFromPool(highPriority, (byte) device).retainReference();
    }

    static CUDAStream currentStream(int device) {
        return torch_cuda.getCurrentCUDAStream((byte) device).retainReference();
    }

    /** Makes a stream, and its device, this thread's. Set by hand: LibTorch's guards act on whatever thread closes them. */
    static void use(CUDAStream stream) {
        torch_cuda.set_device(stream.device_index());
        torch_cuda.setCurrentCUDAStream(stream);
    }

    /** The compute capability of a device: 89 for 8.9. */
    static int capability(int device) {
        int[] major = new int[1];
        int[] minor = new int[1];
        check(
                cudart.cudaDeviceGetAttribute(major, cudart.cudaDevAttrComputeCapabilityMajor, device),
                "tell a device's capability");
        check(
                cudart.cudaDeviceGetAttribute(minor, cudart.cudaDevAttrComputeCapabilityMinor, device),
                "tell a device's capability");
        return 10 * major[0] + minor[0];
    }

    static CUstream_st handle(CUDAStream stream) {
        return stream.stream();
    }

    /** The stream that this thread's operators run on, to enqueue something at once. */
    static CUstream_st currentStreamHandle(int device) {
        return handle(torch_cuda.getCurrentCUDAStream((byte) device));
    }

    /** Fails if a call did. */
    static void check(int status, String what) {
        if (status != cudart.cudaSuccess) {
            throw new NativeException("CUDA could not " + what + ": found error " + status + ", "
                    + cudart.cudaGetErrorString(status).getString()
                    + ", expected success. See docs/gpu.md for what to check");
        }
    }
}
