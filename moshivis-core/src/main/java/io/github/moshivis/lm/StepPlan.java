package io.github.moshivis.lm;

import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.stream.Rows;

/**
 * One step of the language model, worked out on the host; see {@link LanguageModel#plan}.
 *
 * @param rows the rows of the tick
 * @param state state that the step changes
 * @param delays where tokens are written and read
 * @param attention of the temporal transformer
 * @param image windows of the rows' pictures; null if no row attends to one
 * @param text how text tokens are chosen
 * @param shaping what modifies their distributions
 * @param audio how codes are chosen; null if the model generates none
 */
public record StepPlan(
        Rows rows,
        LmState state,
        DelayPlan delays,
        AttentionPlan attention,
        ImageWindowPlan image,
        Sampler text,
        TextShaping shaping,
        Sampler audio) {}
