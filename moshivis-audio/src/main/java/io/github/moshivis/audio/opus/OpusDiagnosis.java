package io.github.moshivis.audio.opus;

import io.github.moshivis.errors.Finding;
import io.github.moshivis.errors.NativeException;
import io.github.moshivis.plugin.Diagnosis;

/** Reports the implementation of Opus in use, and why libopus is not used. Service for core; not for other callers. */
public final class OpusDiagnosis implements Diagnosis {
    private static final String SUBJECT = "opus";

    private static final String WARNING =
            ", which is older than the corrections of RFC 8251 (CVE-2017-0381): for sound of"
                    + " strangers name a newer one with -D" + OpusCodec.LIBRARY_PROPERTY
                    + "=PATH, or decode in Java with -D"
                    + OpusCodec.PROPERTY
                    + "=java";

    /** Called by the service loader. */
    public OpusDiagnosis() {}

    @Override
    public Finding finding() {
        try {
            String codec = OpusCodec.chosen().name();
            boolean vulnerable = codec.contains(LibOpus.VULNERABLE);
            return new Finding(
                    vulnerable ? Finding.Kind.VULNERABILITY : Finding.Kind.FACT,
                    SUBJECT,
                    reasoned(codec + (vulnerable ? WARNING : "")));
        } catch (NativeException | IllegalStateException e) {
            return Finding.failure(SUBJECT, "none. " + e.getMessage());
        }
    }

    private static String reasoned(String name) {
        if (System.getProperty(OpusCodec.PROPERTY) != null) {
            return name + ", as -D" + OpusCodec.PROPERTY + " says";
        }
        return LibOpus.failure()
                .map(cause -> name + ". " + LibOpus.explain(cause))
                .orElse(name);
    }
}
