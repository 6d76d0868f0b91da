package io.github.moshivis.tensor;

import io.github.moshivis.errors.NativeException;
import java.nio.charset.StandardCharsets;
import org.bytedeco.cuda.cudart.CUkern_st;
import org.bytedeco.cuda.cudart.CUlib_st;
import org.bytedeco.cuda.cudart.dim3;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * A CUDA kernel of our own. It stays loaded as long as the process: recorded graphs hold it, and it takes some kilobytes. Its memory
 * is LibTorch's, which is all that it touches. Thread-safe.
 */
final class CudaKernel {
    private final int device;
    private final CUkern_st kernel;
    private final dim3 block;

    private CudaKernel(int device, CUkern_st kernel, dim3 block) {
        this.device = device;
        this.kernel = kernel;
        this.block = block;
    }

    /**
     * Compiles and loads a kernel.
     *
     * @param source in CUDA C++, without includes
     * @param name of the kernel, which is {@code extern "C"} and whose parameters have 64 bits each
     * @param device where it is to run
     * @param threads of a block
     * @throws NativeException if it cannot be compiled or loaded
     * @throws LinkageError if the presets of CUDA or the library of NVRTC are not there
     */
    static CudaKernel load(String source, String name, Device device, int threads) {
        byte[] code = compile(source, Cuda.capability(device.index()));
        try (PointerScope scope = new PointerScope()) {
            CUlib_st library = new CUlib_st();
            Cuda.check(
                    cudart.cudaLibraryLoadData(
                            library,
                            new BytePointer(code),
                            (IntPointer) null,
                            (PointerPointer<?>) null,
                            0,
                            (IntPointer) null,
                            (PointerPointer<?>) null,
                            0),
                    "load a kernel");
            CUkern_st kernel = new CUkern_st();
            Cuda.check(cudart.cudaLibraryGetKernel(kernel, library, name), "find a kernel in its library");
            return new CudaKernel(device.index(), kernel, Constants.forGood(new dim3(threads, 1, 1)));
        }
    }

    /**
     * Compiles for one kind of GPU, without one.
     *
     * @param source in CUDA C++, without includes
     * @param capability 89 for 8.9
     * @return machine code
     * @throws NativeException if the source has errors, or this NVRTC does not know the capability; the message has its log
     * @throws LinkageError if the presets of CUDA or the library of NVRTC are not there
     */
    static byte[] compile(String source, int capability) {
        try (PointerScope scope = new PointerScope()) {
            _nvrtcProgram program = new _nvrtcProgram();
            PointerPointer<?> none = null;
            check(
                    nvrtc.nvrtcCreateProgram(
                            program,
                            new BytePointer(source, StandardCharsets.UTF_8),
                            new BytePointer("kernel.cu", StandardCharsets.UTF_8),
                            0,
                            none,
                            none),
                    "make a program",
                    null);
            try {
                PointerPointer<BytePointer> options =
                        new PointerPointer<>("--gpu-architecture=sm_" + capability, "--fmad=false");
                check(nvrtc.nvrtcCompileProgram(program, 2, options), "compile for sm_" + capability, program);
                SizeTPointer size = new SizeTPointer(1);
                check(nvrtc.nvrtcGetCUBINSize(program, size), "tell the size of its code", null);
                byte[] code = new byte[Math.toIntExact(size.get())];
                check(nvrtc.nvrtcGetCUBIN(program, code), "hand over its code", null);
                return code;
            } finally {
                nvrtc.nvrtcDestroyProgram(program);
            }
        }
    }

    private static void check(int status, String what, _nvrtcProgram program) {
        if (status != nvrtc.NVRTC_SUCCESS) {
            throw new NativeException("NVRTC could not " + what + ": found "
                    + nvrtc.nvrtcGetErrorString(status).getString() + (program == null ? "" : ", " + log(program))
                    + ", expected success");
        }
    }

    private static String log(_nvrtcProgram program) {
        SizeTPointer size = new SizeTPointer(1);
        nvrtc.nvrtcGetProgramLogSize(program, size);
        byte[] text = new byte[Math.max(1, Math.toIntExact(size.get()))]; // with a zero at its end
        nvrtc.nvrtcGetProgramLog(program, text);
        return new String(text, 0, text.length - 1, StandardCharsets.UTF_8).strip();
    }

    /**
     * Enqueues the kernel on the stream that this thread's operators run on; may be recorded. The thread's device is the kernel's.
     *
     * @param blocks at least 1
     * @param arguments one for each parameter: numbers, or addresses on the device
     */
    void launch(int blocks, long... arguments) {
        try (PointerScope scope = new PointerScope()) {
            LongPointer values = new LongPointer(arguments);
            PointerPointer<Pointer> places = new PointerPointer<>(arguments.length);
            for (int i = 0; i < arguments.length; i++) {
                places.put(i, values.getPointer(i));
            }
            Cuda.check(
                    cudart.cudaLaunchKernel(
                            kernel, new dim3(blocks, 1, 1), block, places, 0, Cuda.currentStreamHandle(device)),
                    "launch a kernel");
        }
    }
}
