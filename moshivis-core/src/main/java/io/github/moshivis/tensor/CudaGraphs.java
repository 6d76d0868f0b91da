package io.github.moshivis.tensor;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraphNode_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.cuda.DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair;
import org.bytedeco.pytorch.cuda.StreamFilter;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Captures what operators enqueue on one stream as CUDA graphs: the steps of LibTorch's own {@code CUDAGraph}, which the presets do
 * not map. Random operators cannot be captured, as their generator would have to be registered; noise is an input.
 *
 * <p>All graphs draw their memory from one private pool. They are replayed one at a time on one stream and share nothing but their
 * results, which are held, so that it does not matter in which order.
 *
 * <p>Used by the thread whose stream it is.
 */
final class CudaGraphs implements GraphRecorder {
    private static final System.Logger LOG = System.getLogger(CudaGraphs.class.getName());

    /** Far from the ids that LibTorch counts up for pools of its own. */
    private static final AtomicLong POOL_IDS = new AtomicLong(1L << 40);

    private static final long INSTANTIATE =
            cudart.cudaGraphInstantiateFlagAutoFreeOnLaunch | cudart.cudaGraphInstantiateFlagUseNodePriority;

    private final byte device;
    private final CUDAStream stream;
    private final Pool pool = new Pool();

    CudaGraphs(int device, CUDAStream stream) {
        this.device = (byte) device;
        this.stream = stream;
    }

    /**
     * A pool's id, {n, 0}. The presets map LibTorch's {@code MempoolId_t}, two longs, to a class for a pair of vectors, whose
     * destructor frees what is not there: so that object must never own memory. It is a view of memory that we own, and both live
     * as long as the pool.
     */
    private static final class Pool {
        private final LongPointer memory =
                new LongPointer(2).put(0, POOL_IDS.getAndIncrement()).put(1, 0);
        private final DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair id =
                new DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair(memory);

        Pool() {
            memory.retainReference();
        }
    }

    /**
     * Tells the allocator whose memory comes from the pool. One for the process, as LibTorch has few places for callbacks; called
     * under the allocator's lock on whatever thread allocates, so it calls nothing.
     */
    private static final class OfThisCapture extends StreamFilter {
        private static final OfThisCapture INSTANCE = new OfThisCapture().retainReference();

        /** The thread that captures; an allocation for its stream is made by it. */
        private volatile long captured;

        @Override
        public boolean call(Pointer allocating) {
            return allocating != null && allocating.address() == captured;
        }
    }

    @Override
    public Recording record(Supplier<Tensor> work) {
        synchronized (OfThisCapture.INSTANCE) { // two engines may capture on one GPU
            stream.synchronize();
            OfThisCapture.INSTANCE.captured = Cuda.handle(stream).address();
            torch_cuda.beginAllocateToPool(device, pool.id, OfThisCapture.INSTANCE);
            try {
                return capture(work);
            } catch (RuntimeException | Error e) {
                torch_cuda.getAllocator().releasePool(device, pool.id);
                cudart.cudaGetLastError(); // the next call is not to fail for this
                throw e;
            }
        }
    }

    /** Captures and closes the pool for allocation, whatever happens: left open, it would break every later lack of memory. */
    private Recording capture(Supplier<Tensor> work) {
        CUgraph_st graph = new CUgraph_st();
        Tensor result = null;
        boolean done = false;
        try {
            result = captured(work, graph);
            done = true;
        } finally {
            torch_cuda.endAllocateToPool(device, pool.id);
            if (!done) {
                destroy(graph);
            }
        }
        try {
            return new Graph(instantiated(graph), result);
        } catch (RuntimeException | Error e) {
            result.close();
            throw e;
        } finally {
            destroy(graph);
        }
    }

    private Tensor captured(Supplier<Tensor> work, CUgraph_st graph) {
        Tensor result = null;
        Cuda.check(
                cudart.cudaStreamBeginCapture(Cuda.handle(stream), cudart.cudaStreamCaptureModeThreadLocal),
                "begin to capture");
        boolean done = false;
        try (Scope scope = Scope.open()) {
            result = work.get().keep();
            done = true;
        } finally {
            int status = cudart.cudaStreamEndCapture(Cuda.handle(stream), graph);
            if (done && status != cudart.cudaSuccess) {
                result.close();
                Cuda.check(status, "end a capture");
            }
        }
        return result;
    }

    private CUgraphExec_st instantiated(CUgraph_st graph) {
        try (SizeTPointer nodes = new SizeTPointer(1)) {
            Cuda.check(cudart.cudaGraphGetNodes(graph, (CUgraphNode_st) null, nodes), "count the nodes of a graph");
            if (nodes.get() == 0) {
                throw new IllegalStateException(
                        "Nothing was captured: found an empty graph, expected the operators of the"
                                + " work. It ran on another stream than this thread's");
            }
            LOG.log(Level.INFO, "Work was recorded as a graph of {0} launches", nodes.get());
        }
        CUgraphExec_st executable = new CUgraphExec_st();
        Cuda.check(cudart.cudaGraphInstantiateWithFlags(executable, graph, INSTANTIATE), "instantiate a graph");
        Cuda.check(cudart.cudaGraphUpload(executable, Cuda.handle(stream)), "upload a graph");
        return executable;
    }

    private static void destroy(CUgraph_st graph) {
        if (!graph.isNull()) {
            cudart.cudaGraphDestroy(graph);
            graph.setNull();
        }
    }

    /** A graph that can be launched. Its result stays where it is; what it reads must live as long. */
    private final class Graph implements Recording {
        private final CUgraphExec_st executable;
        private final Tensor result;

        Graph(CUgraphExec_st executable, Tensor result) {
            this.executable = executable;
            this.result = result;
        }

        @Override
        public Tensor replay() {
            Cuda.check(cudart.cudaGraphLaunch(executable, Cuda.handle(stream)), "launch a graph");
            return result;
        }

        @Override
        public void close() {
            stream.synchronize();
            cudart.cudaGraphExecDestroy(executable);
            result.close();
            torch_cuda.getAllocator().releasePool(device, pool.id);
        }
    }

    @Override
    public void close() {
        torch_cuda.getAllocator().emptyCache();
        pool.memory.close();
    }
}
