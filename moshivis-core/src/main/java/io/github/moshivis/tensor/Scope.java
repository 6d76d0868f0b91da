package io.github.moshivis.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.global.torch;

/**
 * A stretch of native work on one thread: everything that operators make in it is freed at its end, except what was {@linkplain
 * Tensor#keep() kept}. Scopes nest; one belongs to the thread that opened it, and is closed there, innermost first. The outermost
 * one also switches LibTorch's inference mode on for the thread, and its thread pool off.
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
    private final InferenceMode inferenceMode;
    private final PointerScope pointers;
    private int threads;

    private Scope() {
        outer = INNERMOST.get();
        inferenceMode = outer == null ? newInferenceMode() : null;
        if (outer == null) {
            threads = torch.get_num_threads();
            torch.set_num_threads(1);
        }
        pointers = new PointerScope();
        INNERMOST.set(this);
    }

    /** Made before the pointer scope, so that it outlives everything in it; retained, because a host's own scope may be open. */
    private static InferenceMode newInferenceMode() {
        LibTorch.load();
        return new InferenceMode(true).retainReference();
    }

    /**
     * Opens a scope on this thread. The first call in a process loads LibTorch.
     *
     * @return the scope, to be closed by the same thread
     * @throws io.github.moshivis.errors.NativeException if LibTorch cannot be loaded
     */
    public static Scope open() {
        return new Scope();
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
        if (inferenceMode != null) {
            torch.set_num_threads(threads);
            inferenceMode.close();
        }
        if (outer == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(outer);
        }
    }
}
