package io.github.moshivis.micrometer;

import io.github.moshivis.LagCounts;
import io.github.moshivis.MoshiVis;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Meters of one model. They read the model on demand, cost nothing otherwise, and do not prevent its collection.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>Name</th><th>Value</th></tr>
 * <tr><td>{@code moshivis.frame.time}</td><td>time of a frame, by {@code quantile} (0.5, 0.95, 0.99, 1)</td></tr>
 * <tr><td>{@code moshivis.frames}</td><td>frames that were computed</td></tr>
 * <tr><td>{@code moshivis.slots}</td><td>conversations that the model was loaded for</td></tr>
 * <tr><td>{@code moshivis.slots.free}</td><td>conversations that could begin now</td></tr>
 * <tr><td>{@code moshivis.queue}</td><td>callers who wait for a conversation</td></tr>
 * <tr><td>{@code moshivis.lag}</td><td>how often conversations fell behind, by {@code kind} (late, underrun, skipped)</td></tr>
 * <tr><td>{@code moshivis.memory.tensors}</td><td>bytes of the tensors of all models of the process, mapped files included</td></tr>
 * </table>
 */
public final class MoshiVisMeters implements MeterBinder {
    private final MoshiVis model;
    private final Tags tags;

    /**
     * Creates a binder.
     *
     * @param model the model
     * @param tags tags of all its meters, such as the model's name where an application has more than one
     */
    public MoshiVisMeters(MoshiVis model, Iterable<Tag> tags) {
        this.model = Objects.requireNonNull(model, "model");
        this.tags = Tags.of(Objects.requireNonNull(tags, "tags"));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        frameTime(registry, "0.5", each -> each.statistics().p50());
        frameTime(registry, "0.95", each -> each.statistics().p95());
        frameTime(registry, "0.99", each -> each.statistics().p99());
        frameTime(registry, "1", each -> each.statistics().worst());
        FunctionCounter.builder(
                        "moshivis.frames", model, each -> each.statistics().frames())
                .description("Frames of 80 ms that were computed")
                .tags(tags)
                .register(registry);
        Gauge.builder("moshivis.slots", model, each -> each.options().maxConversations())
                .description("Conversations that the model was loaded for")
                .tags(tags)
                .register(registry);
        Gauge.builder("moshivis.slots.free", model, MoshiVis::freeSlots)
                .description("Conversations that could begin now")
                .tags(tags)
                .register(registry);
        Gauge.builder("moshivis.queue", model, MoshiVis::queueLength)
                .description("Callers who wait for a conversation")
                .tags(tags)
                .register(registry);
        lag(registry, "late", LagCounts::late);
        lag(registry, "underrun", LagCounts::underruns);
        lag(registry, "skipped", LagCounts::skipped);
        Gauge.builder("moshivis.memory.tensors", MoshiVis::tensorBytes)
                .description("Tensors of all models of this process, mapped files included")
                .baseUnit("bytes")
                .register(registry);
    }

    private void frameTime(MeterRegistry registry, String quantile, Function<MoshiVis, Duration> time) {
        TimeGauge.builder("moshivis.frame.time", model, TimeUnit.NANOSECONDS, each -> time.apply(each)
                        .toNanos())
                .description("Time of a frame of 80 ms since the model was loaded")
                .tags(tags.and("quantile", quantile))
                .register(registry);
    }

    private void lag(MeterRegistry registry, String kind, ToDoubleFunction<LagCounts> count) {
        FunctionCounter.builder("moshivis.lag", model, each -> count.applyAsDouble(each.lagCounts()))
                .description("How often conversations with live sources fell behind")
                .tags(tags.and("kind", kind))
                .register(registry);
    }
}
