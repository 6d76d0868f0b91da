package io.github.moshivis.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Times of steps and the bytes that they read.
 *
 * @param name form of the weights
 * @param loadMillis time to load them
 * @param wallMillis time per step, all conversations together
 * @param before memory rate before the steps, 10^9 bytes a second
 * @param after memory rate after the steps
 * @param reads bytes read by a frame, by kind
 * @param stages stages by name; the last one is the total
 */
record StepFigures(
        String name,
        double loadMillis,
        double wallMillis,
        double before,
        double after,
        FrameReads reads,
        Map<String, Stage> stages) {
    private static final double MILLISECOND = 1e6;

    /**
     * A part of a step.
     *
     * @param millis of all steps, sorted
     * @param bytes bytes read, including keys and values; 0 for none
     */
    record Stage(double[] millis, long bytes) {
        /** Returns a quantile of the times. */
        double at(double share) {
            return millis[(int) Math.round(share * (millis.length - 1))];
        }

        double best() {
            return millis[0];
        }

        double worst() {
            return millis[millis.length - 1];
        }

        /** Returns 10^9 bytes a second at the median. */
        double rate() {
            return bytes / at(0.5) / MILLISECOND;
        }
    }

    /** Returns the reference memory rate: the mean of both, since it may change between them. */
    double bandwidth() {
        return (before + after) / 2;
    }

    /** Returns the median of a stage as a multiple of the minimum time to read its bytes. */
    double floors(Stage stage) {
        return bandwidth() / stage.rate();
    }

    /** Sorts the times of steps by stage. */
    static Map<String, Stage> stages(List<Reply.Times> times, FrameReads reads) {
        Map<String, Stage> stages = new LinkedHashMap<>();
        stages.put("encode", stage(times, Reply.Times::encode, reads.encode()));
        stages.put("temporal", stage(times, Reply.Times::temporal, reads.temporal() + reads.ring() + reads.picture()));
        stages.put("depth", stage(times, Reply.Times::depth, reads.depth()));
        stages.put("decode", stage(times, Reply.Times::decode, reads.decode()));
        stages.put("overhead", stage(times, t -> t.total() - t.encode() - t.temporal() - t.depth() - t.decode(), 0));
        stages.put("frame", stage(times, Reply.Times::total, reads.total()));
        return stages;
    }

    private static Stage stage(List<Reply.Times> times, ToLongFunction<Reply.Times> part, long bytes) {
        return new Stage(
                times.stream()
                        .mapToDouble(t -> part.applyAsLong(t) / MILLISECOND)
                        .sorted()
                        .toArray(),
                bytes);
    }

    /** For programs. */
    void write(ObjectNode node) {
        node.put("weights", name).put("load_ms", loadMillis).put("wall_ms_per_frame", wallMillis);
        node.put("bandwidth_gb_per_s", bandwidth());
        node.put("bandwidth_before_gb_per_s", before).put("bandwidth_after_gb_per_s", after);
        node.put("weight_bytes", reads.weights()).put("ring_bytes", reads.ring());
        node.put("picture_bytes", reads.picture()).put("codec_bytes", reads.codec());
        ObjectNode all = node.putObject("stages");
        stages.forEach((stageName, stage) -> {
            ObjectNode row = all.putObject(stageName);
            row.put("best", stage.best()).put("p50", stage.at(0.5)).put("p95", stage.at(0.95));
            row.put("p99", stage.at(0.99)).put("worst", stage.worst()).put("bytes", stage.bytes());
            if (stage.bytes() > 0) {
                row.put("gb_per_s", stage.rate()).put("times_floor", floors(stage));
            }
        });
    }
}
