package io.github.moshivis.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.global.torch;

/**
 * A stretch of native work on one thread: everything that operators make in it is freed at its end, except what was {@linkplain
 * Tensor#keep() kept}. Scopes nest; one belongs to the thread that opened it, and is closed there, innermost first. The outermost
 * one also switches LibTorch's thread pool off for the thread, and its inference mode on, unless it is {@linkplain
 * #openDifferentiable() for training}.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *     state = a.add(b).keep();
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<Scope> INNERMOST = new ThreadLocal<>();

    private final Scope outer;
    /** The mode of the thread while this scope is open; null in inner scopes. */
    private final Pointer mode;

    private final boolean differentiable;

    private final PointerScope pointers;
    private int threads;

    private Scope(Supplier<Pointer> modeOfThread, boolean wantsGradients) {
        outer = INNERMOST.get();
        differentiable = outer == null ? wantsGradients : outer.differentiable;
        mode = outer == null ? modeOfThread.get() : null;
        if (outer == null) {
            threads = torch.get_num_threads();
            torch.set_num_threads(1);
        }
        pointers = new PointerScope();
        INNERMOST.set(this);
    }

    /** Made before the pointer scope, so that it outlives everything in it; retained, because a host's own scope may be open. */
    private static Pointer newInferenceMode() {
        LibTorch.load();
        return new InferenceMode(true).retainReference();
    }

    private static Pointer newGradientMode() {
        LibTorch.load();
        return new AutoGradMode(true).retainReference();
    }

    /**
     * Opens a scope on this thread. The first call in a process loads LibTorch.
     *
     * @return the scope, to be closed by the same thread
     * @throws io.github.moshivis.errors.NativeException if LibTorch cannot be loaded
     */
    public static Scope open() {
        return new Scope(Scope::newInferenceMode, false);
    }

    /**
     * Opens the outermost scope of this thread for work whose gradients are wanted: operators record what {@link Autograd} needs.
     * Tensors made in it, in inner scopes too, may be used in such work.
     *
     * @return the scope, to be closed by the same thread
     * @throws IllegalStateException if a scope is open on this thread, whose mode would count
     * @throws io.github.moshivis.errors.NativeException if LibTorch cannot be loaded
     */
    public static Scope openDifferentiable() {
        if (INNERMOST.get() != null) {
            throw new IllegalStateException(
                    "A scope for gradients must be the outermost one of its thread, and thread \""
                            + Thread.currentThread().getName() + "\" has a scope open; open this one first");
        }
        return new Scope(Scope::newGradientMode, true);
    }

    /**
     * Computes in a scope of its own and hands the results to the scope around it; everything else that was made is freed.
     *
     * @param work what to compute
     * @return the results, which belong to the scope that was open before
     */
    public static Tensor[] within(Supplier<Tensor[]> work) {
        requireOpen();
        Scope around = INNERMOST.get();
        try (Scope scope = open()) {
            Tensor[] results = work.get();
            for (Tensor result : results) {
                around.pointers.attach(result.handle());
            }
            return results;
        }
    }

    /** Tells whether gradients of what this thread computes may be wanted, which kernels of our own have none of. */
    static boolean isDifferentiable() {
        Scope scope = INNERMOST.get();
        return scope != null && scope.differentiable;
    }

    static void requireOpen() {
        if (INNERMOST.get() == null) {
            throw new IllegalStateException("A tensor was made on thread \""
                    + Thread.currentThread().getName() + "\" outside any Scope; open one around native work");
        }
    }

    /**
     * Frees what was made in this scope and not kept.
     *
     * @throws IllegalStateException if called by another thread or out of order
     */
    @Override
    public void close() {
        if (INNERMOST.get() != this) {
            throw new IllegalStateException("Scopes must be closed by the thread that opened them, innermost first");
        }
        pointers.close();
        if (mode != null) {
            torch.set_num_threads(threads);
            mode.close();
        }
        if (outer == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(outer);
        }
    }
}
