package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import io.github.moshivis.load.LoadOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sound that nobody speaks: no number leaves that is none, and a conversation afterwards is as fresh as one before. */
class NumericAbuseTest {
    private static final int FRESH_FRAMES = 20;
    private static final int FRAMES_OF_AN_HOUR = 45_000;

    /** Samples of a frame. */
    private interface Signal {
        float sample(Random random, int index);
    }

    private static List<Signal> signals() {
        return List.of(
                (random, i) -> 0,
                (random, i) -> 1,
                (random, i) -> -64,
                (random, i) -> random.nextBoolean() ? 1 : -1,
                (random, i) -> 64 * (2 * random.nextFloat() - 1),
                (random, i) -> i % 2 == 0 ? 1 : -1,
                (random, i) -> Float.MIN_VALUE);
    }

    private static List<Object> fresh(MoshiVis model) {
        List<Object> heard = new ArrayList<>();
        try (Session session = model.session().textSeed(1).audioSeed(2).open()) {
            Random random = new Random(7);
            for (int step = 0; step < FRESH_FRAMES; step++) {
                Reply reply = session.step(frame((r, i) -> 0.1f * (float) r.nextGaussian(), random));
                reply.output().ifPresent(output -> {
                    heard.add(output.text().token());
                    heard.add(Arrays.toString(output.audioTokens()));
                    heard.add(Arrays.hashCode(output.pcm()));
                });
            }
        }
        return heard;
    }

    private static float[] frame(Signal signal, Random random) {
        float[] frame = new float[Session.FRAME_SAMPLES];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = signal.sample(random, i);
        }
        return frame;
    }

    private static void abuse(int frames) {
        try (MoshiVis model = MoshiVis.load(Cli.MODEL, LoadOptions.defaults().maxConversations(1))) {
            List<Object> before = fresh(model);
            for (Signal signal : signals()) {
                try (Session session = model.session().open()) {
                    Random random = new Random(3);
                    for (int step = 0; step < frames; step++) {
                        session.step(frame(signal, random)).output().ifPresent(NumericAbuseTest::assertFinite);
                    }
                }
                assertThat(fresh(model)).isEqualTo(before);
            }
        }
    }

    private static void assertFinite(Reply.Output output) {
        for (float sample : output.pcm()) {
            assertThat(Float.isFinite(sample)).isTrue();
        }
        assertThat(output.text().gateWeight()).isFinite();
    }

    @Test
    void aMomentOfEachSignal() {
        abuse(8);
    }

    @Test
    @Tag("stress")
    void anHourOfEachSignal() {
        abuse(FRAMES_OF_AN_HOUR);
    }
}
