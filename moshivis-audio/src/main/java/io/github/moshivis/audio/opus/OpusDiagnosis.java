package io.github.moshivis.audio.opus;

import io.github.moshivis.errors.NativeException;
import io.github.moshivis.plugin.Diagnosis;

/** Says which implementation of Opus is in use, and why not libopus. Found by core; not to be called. */
public final class OpusDiagnosis implements Diagnosis {
    /** Called by the service loader. */
    public OpusDiagnosis() {}

    @Override
    public String subject() {
        return "opus";
    }

    @Override
    public String finding() {
        try {
            String name = OpusCodec.chosen().name();
            if (System.getProperty(OpusCodec.PROPERTY) != null) {
                return name + ", as -D" + OpusCodec.PROPERTY + " says";
            }
            return LibOpus.failure()
                    .map(cause -> name + ". " + LibOpus.explain(cause))
                    .orElse(name);
        } catch (NativeException | IllegalStateException e) {
            return "none. " + e.getMessage();
        }
    }
}
