package io.github.moshivis.tensor;

import io.github.moshivis.errors.NativeException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.global.torch.DispatchKey;

/** An operator that the presets have no Java method for, called by its name through LibTorch's dispatcher. Thread-safe. */
final class BoxedOperator {
    private static final Map<String, BoxedOperator> FOUND = new ConcurrentHashMap<>();

    private final OperatorHandle handle;

    private BoxedOperator(OperatorHandle handle) {
        this.handle = handle;
    }

    /**
     * Looks an operator up, once a process.
     *
     * @param name such as {@code aten::add}; its only overload, or the one without a name
     * @param device where its arguments are going to be
     * @throws NativeException if this LibTorch does not have the operator, or not for the device
     */
    static BoxedOperator find(String name, Device device) {
        return FOUND.computeIfAbsent(name + " on " + device.kind(), key -> lookUp(name, device));
    }

    private static BoxedOperator lookUp(String name, Device device) {
        try (Scope scope = Scope.open()) {
            OperatorHandle handle = schema(name, device);
            if (!has(handle, device)) {
                throw absent(name, device, "a LibTorch that has it for other devices only", null);
            }
            return new BoxedOperator(handle.retainReference());
        }
    }

    private static OperatorHandle schema(String name, Device device) {
        try {
            return Dispatcher.singleton().findSchemaOrThrow(name, "");
        } catch (RuntimeException e) {
            throw absent(name, device, LibTorch.firstLine(e.getMessage()), e);
        }
    }

    /** On the CPU the operators exist under several keys, some of them for quantized tensors; those of this library are all there. */
    private static boolean has(OperatorHandle handle, Device device) {
        return switch (device.kind()) {
            case CPU -> true;
            case CUDA -> handle.hasKernelForDispatchKey(DispatchKey.CUDA);
            case MPS -> handle.hasKernelForDispatchKey(DispatchKey.MPS);
            case META -> false;
        };
    }

    private static NativeException absent(String name, Device device, String found, RuntimeException cause) {
        return new NativeException(
                "Quantized products cannot run on " + device + ": found " + found + ", expected the operator " + name
                        + ". Load with Quantization.NONE, or on another device",
                cause);
    }

    /**
     * Runs the operator.
     *
     * @param arguments all of them, in the order of the schema
     * @return its only result
     */
    IValue call(IValue... arguments) {
        return new IValue(run(arguments).get(0)); // a copy: what the stack holds ends with it
    }

    private IValueVector run(IValue... arguments) {
        IValueVector stack = new IValueVector(arguments);
        handle.callBoxed(stack);
        return stack;
    }

    /** Runs an operator whose result is a tensor. */
    Tensor callForTensor(IValue... arguments) {
        return Tensor.wrap(run(arguments).get(0).toTensor());
    }

    static IValue value(Tensor tensor) {
        return new IValue(tensor.handle());
    }

    static IValue value(long number) {
        return new IValue(number);
    }

    static IValue none() {
        return new IValue();
    }
}
