package io.github.moshivis.programs;

/**
 * JavaCPP's limit on the resident memory of the process, by default four times the heap's. Mapped weights count as resident, so a model
 * of 15 GB would need a heap of 4. A library must not change the limit; a program may.
 */
public final class MemoryLimit {
    private static final String PROPERTY = "org.bytedeco.javacpp.maxPhysicalBytes";

    private MemoryLimit() {}

    /** Lifts the limit, unless the user set one. Call this before the library is used. */
    public static void lift() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, "0"); // no limit
        }
    }
}
