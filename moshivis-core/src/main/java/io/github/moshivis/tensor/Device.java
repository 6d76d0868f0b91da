package io.github.moshivis.tensor;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.global.torch;

/**
 * The device of tensors and operators.
 *
 * @param kind the kind of device
 * @param index which one of its kind, from 0
 */
public record Device(Kind kind, int index) {
    /** The kinds of devices that LibTorch may report. */
    public enum Kind {
        /** The processor. */
        CPU,
        /** An NVIDIA GPU. */
        CUDA,
        /** An Apple GPU. */
        MPS,
        /** No device: tensors that have sizes and strides, and neither memory nor numbers. */
        META
    }

    private static final Pattern CUDA_NAME = Pattern.compile("cuda(?::(\\d{1,3}))?");

    /** The processor. */
    public static final Device CPU = new Device(Kind.CPU, 0);

    /** No device, for plans. */
    public static final Device META = new Device(Kind.META, 0);

    /** The Apple GPU. */
    public static final Device MPS = new Device(Kind.MPS, 0);

    /**
     * Checks the index.
     *
     * @throws IllegalArgumentException if the index is negative, or not 0 for a kind of which there is one
     */
    public Device {
        if (index < 0 || (kind != Kind.CUDA && index != 0)) {
            throw new IllegalArgumentException("There is no device " + kind + " with index " + index);
        }
    }

    /**
     * An NVIDIA GPU.
     *
     * @param index which one, from 0
     * @return the device
     */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    /**
     * A device by its name, as LibTorch writes it.
     *
     * @param name {@code cpu}, {@code cuda} (the first), {@code cuda:1} or {@code mps}
     * @return the device
     * @throws IllegalArgumentException if there is no such name
     */
    public static Device parse(String name) {
        Matcher cuda = CUDA_NAME.matcher(name);
        if (cuda.matches()) {
            return cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
        }
        return switch (name) {
            case "cpu" -> CPU;
            case "mps" -> MPS;
            default ->
                throw new IllegalArgumentException("Cannot compute on the device \"" + name
                        + "\": expected cpu, cuda, cuda:N with N from 0, or mps. Name one of them");
        };
    }

    /**
     * Returns the name that {@link #parse} takes.
     *
     * @return {@code cpu}, {@code cuda:N} or {@code mps}; {@code meta} for {@link #META}, which it refuses
     */
    public String name() {
        return kind == Kind.CUDA ? "cuda:" + index : kind.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns whether this is the CPU.
     *
     * @return true for {@link #CPU}
     */
    public boolean isCpu() {
        return kind == Kind.CPU;
    }

    org.bytedeco.pytorch.Device handle() {
        return switch (kind) {
            case CPU -> new org.bytedeco.pytorch.Device(torch.DeviceType.CPU);
            case CUDA -> new org.bytedeco.pytorch.Device(torch.DeviceType.CUDA, (byte) index);
            case MPS -> new org.bytedeco.pytorch.Device(torch.DeviceType.MPS);
            case META -> new org.bytedeco.pytorch.Device(torch.DeviceType.Meta);
        };
    }

    static Device of(org.bytedeco.pytorch.Device handle) {
        if (handle.is_cuda()) {
            return cuda(handle.index());
        }
        return handle.is_mps() ? MPS : handle.is_meta() ? META : CPU;
    }

    @Override
    public String toString() {
        return kind == Kind.CUDA ? "CUDA(" + index + ")" : kind.name();
    }
}
