package io.github.moshivis.lm;

import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.nn.RecordedPlan;
import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Programs for the steps of one state, each made when it is first needed. Owns them. */
final class TemporalPrograms implements AutoCloseable {
    private record Kind(long rows, boolean sees) {}

    /** Empty where not all of a transformer has kernels. */
    private final Map<Kind, Optional<TemporalProgram>> programs = new HashMap<>();

    private TemporalTransformer recorded;

    /**
     * The program of a step.
     *
     * @param transformer takes the step
     * @param x its input, [B, 1, D]
     * @param state the rings, always the same ones
     * @param plan of the step
     * @param image what the rows see, or null
     * @return null if there is none, or none may be used now
     */
    TemporalProgram program(
            TemporalTransformer transformer, Tensor x, AttentionState state, AttentionPlan plan, ImageWindow image) {
        if (!RecordedPlan.fits(plan) || image != null && image.counts() == null) {
            return null;
        }
        if (transformer != recorded) {
            close();
            recorded = transformer;
        }
        return programs.computeIfAbsent(new Kind(x.size(0), image != null), kind -> {
                    KeysValues pictures = image == null ? null : image.all();
                    return TemporalProgram.fits(transformer, x, pictures)
                            ? Optional.of(new TemporalProgram(transformer, state, plan, x, pictures))
                            : Optional.empty();
                })
                .orElse(null);
    }

    @Override
    public void close() {
        programs.values().forEach(program -> program.ifPresent(TemporalProgram::close));
        programs.clear();
    }
}
