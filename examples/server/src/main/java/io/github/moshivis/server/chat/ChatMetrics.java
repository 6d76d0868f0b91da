package io.github.moshivis.server.chat;

import io.github.moshivis.Lag;
import io.github.moshivis.server.metrics.Counter;
import io.github.moshivis.server.metrics.Gauge;
import io.github.moshivis.server.metrics.Histogram;
import io.github.moshivis.server.metrics.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Metrics of callers. */
final class ChatMetrics {
    /** The reference's buckets, 40 to 100 ms, and some to both sides. */
    private static final double[] FRAME_BOUNDS = {
        0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.075, 0.08, 0.1, 0.15, 0.25, 0.5, 1
    };

    final Counter messages =
            new Counter("moshivis_messages_received_total", "Messages of callers, by kind.", "kind", "Audio", "Image");
    final Counter farewells = new Counter(
            "moshivis_farewells_total",
            "Connections that the server ended, by reason.",
            "reason",
            Arrays.stream(CloseReason.values()).map(CloseReason::label).toArray(String[]::new));
    final Counter rejected = new Counter(
            "moshivis_rejected_total",
            "Connections refused before their upgrade, by reason.",
            "reason",
            Arrays.stream(Refusal.values()).map(Refusal::label).toArray(String[]::new));
    final Counter errors = new Counter(
            "moshivis_errors_total",
            "Errors of callers that did not end their connection, by kind.",
            "kind",
            "bad_picture",
            "malformed");
    final Counter lags = new Counter(
            "moshivis_lags_total",
            "Frames that were late, skipped, or came after playback had run out.",
            "kind",
            Arrays.stream(Lag.Kind.values())
                    .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                    .toArray(String[]::new));
    final Counter ratings =
            new Counter("moshivis_ratings_total", "Ratings by callers.", "stars", "1", "2", "3", "4", "5");
    final Counter feedback =
            new Counter("moshivis_feedback_total", "Feedback from the reference's page.", "feedback", "0", "1");
    final Histogram frames =
            new Histogram("moshivis_frame_seconds", "Time of the model for a frame of 80 ms.", FRAME_BOUNDS);
    final Histogram late =
            new Histogram("moshivis_lag_seconds", "Delay of late replies.", 0.02, 0.08, 0.32, 0.64, 1.28);

    private final List<Metric> all;

    ChatMetrics(ChatRoom room) {
        all = List.of(
                new Gauge("moshivis_callers", "Connections now.", room::callers),
                new Gauge("moshivis_talks", "Callers in a conversation.", room::talks),
                new Gauge("moshivis_queue_length", "Callers that wait for a slot.", room::queueLength),
                new Gauge("moshivis_slots_free", "Free slots.", room::freeSlots),
                new Gauge("moshivis_picture_bytes", "Bytes of waiting pictures.", () -> room.budget()
                        .used()),
                messages,
                farewells,
                rejected,
                errors,
                lags,
                ratings,
                feedback,
                frames,
                late);
    }

    /** All of them in Prometheus' text form. */
    String text() {
        StringBuilder out = new StringBuilder();
        all.forEach(metric -> metric.write(out));
        return out.toString();
    }
}
