package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.errors.ConversationException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options that change while a conversation goes on, its longest duration, and how long its frames took. */
class ControlsTest {
    private MoshiVis model;

    @BeforeEach
    void load() {
        model = new FakeModel(2).model;
    }

    @AfterEach
    void close() {
        model.close();
    }

    private static List<Integer> tokens(Session session, int from, int to) {
        List<Integer> tokens = new ArrayList<>();
        for (int step = from; step < to; step++) {
            session.step(FakeModel.frame(0.01 * step)).output().ifPresent(output -> {
                tokens.add(output.text().token());
                for (int code : output.audioTokens()) {
                    tokens.add(code);
                }
            });
        }
        return tokens;
    }

    private List<Integer> changedAt(int step, UnaryOperator<SamplingOptions> change) {
        try (Session session = model.session()
                .seed(3)
                .sampling(sampling -> sampling.textTopK(0))
                .open()) {
            List<Integer> tokens = tokens(session, 0, step);
            session.update(change);
            tokens.addAll(tokens(session, step, 16));
            return tokens;
        }
    }

    @Test
    void aChangeHoldsFromTheNextStepOnAndKeepsTheRandomness() {
        List<Integer> plain = changedAt(8, options -> options);
        assertThat(changedAt(8, options -> options.textTemperature(0.7).audioTopK(250)))
                .isEqualTo(plain);
        List<UnaryOperator<SamplingOptions>> changes = List.of(
                SamplingOptions::greedy,
                options -> options.audioTopP(0.1),
                options -> options.textTemperature(3),
                options -> options.repetitionPenalty(3).textTemperature(0),
                options -> options.padMultiplier(30));
        for (UnaryOperator<SamplingOptions> change : changes) {
            List<Integer> changed = changedAt(8, change);
            // 7 outputs of 9 tokens came before the change.
            assertThat(changed.subList(0, 63)).isEqualTo(plain.subList(0, 63));
            assertThat(changed.subList(63, changed.size())).isNotEqualTo(plain.subList(63, plain.size()));
        }
    }

    @Test
    void aChangeReachesOneConversationOnly() {
        List<Integer> alone = changedAt(8, options -> options);
        try (Session other = model.session().open();
                Session session = model.session()
                        .seed(3)
                        .sampling(sampling -> sampling.textTopK(0))
                        .open()) {
            other.update(SamplingOptions::greedy);
            List<Integer> tokens = tokens(session, 0, 8);
            other.step(FakeModel.frame(0));
            other.update(options -> options.textTemperature(9).repetitionPenalty(9));
            tokens.addAll(tokens(session, 8, 16));
            assertThat(tokens).isEqualTo(alone);
        }
    }

    @Test
    void aChangeThatIsRefusedChangesNothing() {
        try (Session session = model.session()
                .seed(3)
                .sampling(sampling -> sampling.textTopK(0))
                .open()) {
            refused(session, now -> now.greedy().textTemperature(-1), "-1");
            assertThat(tokens(session, 0, 16)).isEqualTo(changedAt(8, now -> now));
            session.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> session.update(now -> now))
                    .withMessageContaining("closed");
        }
    }

    private static void refused(Session session, UnaryOperator<SamplingOptions> change, String word) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.update(change))
                .withMessageContaining(word);
    }

    @Test
    void aPictureMayHaveItsOwnSize() {
        try (Session session =
                model.session(FakeModel.picture(1)).imageSize(8).greedy().open()) {
            session.step(FakeModel.frame(0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.image(FakeModel.picture(2), 65, false))
                    .withMessageContaining("65");
            session.image(FakeModel.picture(2), 64, true);
            assertThat(session.step(FakeModel.frame(0)).imageUsed()).isTrue();
        }
    }

    @Test
    void aSessionEndsWithItsLongestDuration() {
        try (Session session =
                model.session().maxDuration(Duration.ofMillis(161)).open()) {
            for (int i = 0; i < 3; i++) {
                session.step(FakeModel.frame(0));
            }
            assertThatExceptionOfType(ConversationException.class)
                    .isThrownBy(() -> session.step(FakeModel.frame(0)))
                    .withMessageContaining("maximum duration of 3 frames");
        }
        try (Session session =
                model.session().maxDuration(Duration.ofSeconds(Long.MAX_VALUE)).open()) {
            session.step(FakeModel.frame(0));
        }
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.session().maxDuration(none))
                    .withMessageContaining("more than zero");
        }
    }

    @Test
    void theSmallestDurationIsOneFrameAndWholeOnesAreExact() {
        assertThat(model.session().maxDuration(Duration.ofNanos(1)).maxFrames()).isEqualTo(1);
        assertThat(model.session().maxDuration(Duration.ofMillis(80)).maxFrames())
                .isEqualTo(1);
        assertThat(model.session().maxDuration(Duration.ofMinutes(5)).maxFrames())
                .isEqualTo(3750);
    }

    @Test
    void bothSeedsCountByThemselves() {
        SessionOptions options =
                model.session().sampling(sampling -> sampling.textTopK(0)).seed(1);
        List<Integer> first = run(options);
        assertThat(run(model.session()
                        .sampling(sampling -> sampling.textTopK(0))
                        .textSeed(1)
                        .audioSeed(~1L)))
                .isEqualTo(first);
        assertThat(run(options.textSeed(2))).isNotEqualTo(first);
        assertThat(run(options.audioSeed(2))).isNotEqualTo(first);
    }

    private static List<Integer> run(SessionOptions options) {
        try (Session session = options.open()) {
            return tokens(session, 0, 12);
        }
    }

    @Test
    void statisticsCountFramesOfEachConversationAndTicksOfTheModel() {
        try (Session first = model.session().open();
                Session second = model.session().open()) {
            assertThat(first.statistics().frames()).isZero();
            assertThat(first.statistics().worst()).isZero();
            assertThat(first.statistics().realTimeFactor()).isZero();
            tokens(first, 0, 5);
            tokens(second, 0, 3);
            FrameTimes times = first.statistics();
            assertThat(times.frames()).isEqualTo(5);
            assertThat(second.statistics().frames()).isEqualTo(3);
            assertThat(model.statistics().frames()).isEqualTo(8);
            assertThat(times.p50()).isPositive().isLessThanOrEqualTo(times.p95());
            assertThat(times.p95()).isLessThanOrEqualTo(times.p99());
            assertThat(times.p99()).isLessThanOrEqualTo(times.worst());
            assertThat(times.realTimeFactor()).isPositive();
        }
    }

    @Test
    void everyTickIsAnEventOfTheFlightRecorder(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("ticks.jfr");
        try (Recording recording = new Recording();
                Session session = model.session().open()) {
            recording.enable("moshivis.Tick");
            recording.start();
            tokens(session, 0, 4);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> ticks = RecordingFile.readAllEvents(file);
        assertThat(ticks).hasSize(4).allMatch(tick -> tick.getInt("rows") == 1);
        assertThat(ticks).allMatch(tick -> tick.getDuration().compareTo(tick.getDuration("temporal")) > 0);
    }
}
