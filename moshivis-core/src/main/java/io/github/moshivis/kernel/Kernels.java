package io.github.moshivis.kernel;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The native library: loaded on first use, once a process, for the best instruction set of this processor. Thread-safe.
 *
 * <p>The system property {@value #PROPERTY} names another instruction set, or {@code off} to do without the library.
 */
public final class Kernels {
    /** The system property that chooses an instruction set by its name, or {@code off}. */
    public static final String PROPERTY = "moshivis.kernels";

    private static final String OFF = "off";

    private static final System.Logger LOG = System.getLogger(Kernels.class.getName());

    private final List<InstructionSet> supported;
    private final InstructionSet chosen;
    private final String problem;

    private Kernels(List<InstructionSet> supported, InstructionSet chosen, String problem) {
        this.supported = supported;
        this.chosen = chosen;
        this.problem = problem;
    }

    /** Loaded when it is first asked for. */
    private static final class Found {
        static final Kernels KERNELS = find(System.getProperty(PROPERTY, ""));
    }

    private static Kernels find(String wanted) {
        if (wanted.equalsIgnoreCase(OFF)) {
            return new Kernels(List.of(), null, "switched off by -D" + PROPERTY + "=" + OFF);
        }
        Optional<String> failure = KernelLibrary.load();
        if (failure.isPresent()) {
            LOG.log(
                    Level.WARNING,
                    "No native kernels: {0}. Products are LibTorch''s, which take about twice as long at 4 bits",
                    failure.get());
            return new Kernels(List.of(), null, failure.get());
        }
        List<InstructionSet> supported = new ArrayList<>();
        int mask = NativeCalls.instructionSets();
        for (InstructionSet set : InstructionSet.values()) {
            if (set.isIn(mask)) {
                supported.add(set);
            }
        }
        InstructionSet best = supported.get(supported.size() - 1);
        InstructionSet chosen = supported.stream()
                .filter(set -> set.toString().equalsIgnoreCase(wanted))
                .findFirst()
                .orElse(best);
        if (!wanted.isEmpty() && !chosen.toString().equalsIgnoreCase(wanted)) {
            LOG.log(
                    Level.WARNING,
                    "-D{0}={1} is not possible here: expected one of {2} or off. Using {3}",
                    PROPERTY,
                    wanted,
                    supported,
                    best);
        }
        return new Kernels(List.copyOf(supported), chosen, null);
    }

    /**
     * Returns whether there are native kernels.
     *
     * @return false if {@link #problem} says why not
     */
    public static boolean available() {
        return Found.KERNELS.chosen != null;
    }

    /**
     * The instruction set in use.
     *
     * @return the instruction set
     * @throws IllegalStateException if there are no kernels
     */
    public static InstructionSet instructionSet() {
        if (!available()) {
            throw new IllegalStateException("There are no native kernels: " + problem() + ". Ask available() first");
        }
        return Found.KERNELS.chosen;
    }

    /**
     * The instruction sets that this processor has and the library has kernels for.
     *
     * @return the slowest first; empty if there are no kernels
     */
    public static List<InstructionSet> supported() {
        return Found.KERNELS.supported;
    }

    /**
     * The reason why there are no kernels.
     *
     * @return null if there are
     */
    public static String problem() {
        return Found.KERNELS.problem;
    }

    /**
     * Describes the code that multiplies on the CPU.
     *
     * @return the instruction set, or the reason why LibTorch's products are used
     */
    public static String describe() {
        return available() ? "native, " + instructionSet() : "LibTorch's products; no native kernels: " + problem();
    }
}
