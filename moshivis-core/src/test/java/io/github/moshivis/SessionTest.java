package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.tensor.NativeMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversations stepped by hand, on a model with a stand-in codec. */
class SessionTest {
    private NativeMemory.Snapshot before;
    private FakeModel fake;
    private MoshiVis model;

    @BeforeEach
    void load() {
        before = NativeMemory.snapshot();
        fake = new FakeModel(2);
        model = fake.model;
    }

    @AfterEach
    void nothingIsLeft() {
        model.close();
        Leaks.assertNone(before);
    }

    private static List<Integer> tokens(Session session, int steps) {
        List<Integer> tokens = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            session.step(FakeModel.frame(0.01 * step)).output().ifPresent(output -> {
                tokens.add(output.text().token());
                for (int code : output.audioTokens()) {
                    tokens.add(code);
                }
            });
        }
        return tokens;
    }

    private List<Integer> tokens(SessionOptions options, int steps) {
        try (Session session = options.open()) {
            return tokens(session, steps);
        }
    }

    @Test
    void theFirstFrameBringsNoOutputAndEveryLaterOneDoes() {
        try (Session session = model.session().greedy().open()) {
            Reply first = session.step(FakeModel.frame(0));
            assertThat(first.step()).isZero();
            assertThat(first.output()).isEmpty();
            assertThat(first.imageUsed()).isFalse();
            assertThat(first.userCodes()).hasSize(8);
            Reply second = session.step(FakeModel.frame(0));
            assertThat(second.step()).isEqualTo(1);
            Reply.Output output = second.output().orElseThrow();
            assertThat(output.pcm()).hasSize(Session.FRAME_SAMPLES);
            assertThat(output.audioTokens()).hasSize(8);
            assertThat(output.text().frame()).isZero();
            assertThat(output.text().gateWeight()).isZero();
        }
    }

    @Test
    void theSameSeedGivesTheSameConversationAndAnotherSeedAnother() {
        SessionOptions options =
                model.session().sampling(sampling -> sampling.textTopK(0)).seed(42);
        List<Integer> first = tokens(options, 12);
        assertThat(tokens(options, 12)).isEqualTo(first);
        assertThat(tokens(options.seed(43), 12)).isNotEqualTo(first);
        assertThat(tokens(options.sampling(sampling -> sampling.textTemperature(0)), 12))
                .isNotEqualTo(first);
    }

    @Test
    void aSettingOfOneConversationNeverReachesAnother() {
        SessionOptions greedy = model.session().greedy();
        List<Integer> expected = tokens(greedy, 10);
        try (Session hot = model.session()
                        .sampling(sampling ->
                                sampling.textTemperature(5).textTopK(0).audioTemperature(5))
                        .open();
                Session session = greedy.open()) {
            List<Integer> tokens = new ArrayList<>();
            for (int step = 0; step < 10; step++) {
                hot.step(FakeModel.frame(0.3));
                session.step(FakeModel.frame(0.01 * step)).output().ifPresent(output -> {
                    tokens.add(output.text().token());
                    for (int code : output.audioTokens()) {
                        tokens.add(code);
                    }
                });
            }
            assertThat(tokens).isEqualTo(expected);
        }
    }

    @Test
    void pictureFromTheStartFromLaterOnChangedAndTakenAway() {
        try (Session session =
                model.session(FakeModel.picture(1)).imageStart(2).greedy().open()) {
            assertThat(session.step(FakeModel.frame(0)).imageUsed()).isFalse();
            assertThat(session.step(FakeModel.frame(0)).imageUsed()).isFalse();
            Reply third = session.step(FakeModel.frame(0));
            assertThat(third.imageUsed()).isTrue();
            assertThat(third.output().orElseThrow().text().gateWeight()).isPositive();
            session.image(FakeModel.picture(9));
            double other = session.step(FakeModel.frame(0))
                    .output()
                    .orElseThrow()
                    .text()
                    .gateWeight();
            assertThat(other).isNotEqualTo(third.output().orElseThrow().text().gateWeight());
            session.clearImage();
            assertThat(session.step(FakeModel.frame(0)).imageUsed()).isFalse();
        }
    }

    @Test
    void aPictureLargerThanTheModelWasLoadedForIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> model.session(FakeModel.picture(1)).imageSize(65).open())
                .withMessageContaining("65")
                .withMessageContaining("loaded for")
                .withMessageContaining("maxImageSize");
    }

    @Test
    void aFrameOfAnotherLengthIsRefused() {
        try (Session session = model.session().open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.step(new float[960]))
                    .withMessageContaining("1920")
                    .withMessageContaining("960");
            assertThat(session.step(FakeModel.frame(0)).step()).isZero();
        }
    }

    @Test
    void whenAllSlotsAreTakenOpeningFailsUntilOneIsClosed() {
        Session first = model.session().open();
        try (Session second = model.session().open()) {
            assertThatExceptionOfType(ConversationException.class)
                    .isThrownBy(() -> model.session().open())
                    .withMessageContaining("All 2 slots")
                    .withMessageContaining("maxConversations");
            first.close();
            try (Session third = model.session().open()) {
                assertThat(third.step(FakeModel.frame(0)).step()).isZero();
            }
        }
    }

    @Test
    void closingWorksInAnyOrderAndTwice() {
        Session first = model.session().open();
        Session second = model.session().open();
        first.close();
        first.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> first.step(FakeModel.frame(0)))
                .withMessageContaining("session is closed");
        assertThatIllegalStateException().isThrownBy(first::clearImage).withMessageContaining("session is closed");
        model.close();
        model.close();
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> second.step(FakeModel.frame(0)))
                .withMessageContaining("model was closed");
        second.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> model.session().open())
                .withMessageContaining("model is closed");
    }

    @Test
    void aFailedStepEndsItsConversationAndTheEngineGoesOn() {
        try (Session session = model.session().open()) {
            session.step(FakeModel.frame(0));
            fake.failNextStep(new RuntimeException("no more memory\n  at native frame 1"));
            assertThatExceptionOfType(ConversationException.class)
                    .isThrownBy(() -> session.step(FakeModel.frame(0)))
                    .withMessageContaining("no more memory")
                    .withMessageNotContaining("native frame");
            assertThatExceptionOfType(ConversationException.class).isThrownBy(() -> session.step(FakeModel.frame(0)));
        }
        assertThat(tokens(model.session().greedy(), 4)).hasSize(27);
    }

    @Test
    void aModelThatCannotBeReachedIsFreed() throws InterruptedException {
        NativeMemory.Snapshot withOne = NativeMemory.snapshot();
        forgetAModel();
        for (int i = 0; i < 100 && NativeMemory.snapshot().keptTensors() > withOne.keptTensors(); i++) {
            System.gc();
            Thread.sleep(50);
        }
        assertThat(NativeMemory.snapshot().keptTensors()).isEqualTo(withOne.keptTensors());
    }

    private static void forgetAModel() {
        Session forgotten = new FakeModel(1).model.session().open();
        assertThat(forgotten.step(FakeModel.frame(0)).step()).isZero();
    }

    @Test
    void hundredsOfConversationsLeaveNothingBehind() {
        tokens(model.session(FakeModel.picture(3)), 3);
        NativeMemory.Snapshot cycle = NativeMemory.snapshot();
        for (int i = 0; i < 300; i++) {
            tokens(model.session(FakeModel.picture(i)), 3);
            Leaks.assertNone(cycle);
        }
    }

    @Test
    void aSecondConversationTalksWhileAFirstOneWaits() {
        try (Session idle = model.session().open();
                Session busy = model.session().open()) {
            idle.step(FakeModel.frame(0));
            org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> tokens(busy, 20));
        }
    }

    @Test
    void onlyPersonaPlexTakesAVoiceAndARole() {
        assertThat(model.voices()).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> model.session().role("a teacher").open())
                .withMessageContainingAll("no voice and no role", "PersonaPlex");
    }
}
