package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Talking.Collector;
import io.github.moshivis.Talking.Samples;
import io.github.moshivis.engine.StepResult;
import io.github.moshivis.recording.Recording;
import io.github.moshivis.transcript.EndOfTurn;
import io.github.moshivis.transcript.Pause;
import io.github.moshivis.transcript.Transcript;
import io.github.moshivis.transcript.Word;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The user's words beside a conversation, which they never touch. */
@Timeout(60)
class TranscribedTalkTest {
    private static final int FRAME = Session.FRAME_SAMPLES;
    private static final int FRAMES = 40;

    @TempDir
    Path directory;

    private final FakeModel fake = new FakeModel(2);
    private final FakeSpeechToText stt = new FakeSpeechToText(2);
    private final MoshiVis model = fake.with(stt.model);

    @AfterEach
    void close() {
        model.close();
        fake.model.close();
        stt.close();
    }

    /** A talk's text tokens and sound. */
    private static List<Object> said(SessionOptions options) {
        Collector sink = new Collector();
        List<Object> said = Collections.synchronizedList(new ArrayList<>());
        options.seed(3)
                .onReply(reply -> said.add(
                        reply.output().map(output -> output.text().token()).orElse(-1)))
                .run(new Samples(FRAMES * FRAME), sink);
        said.addAll(sink.samples);
        return said;
    }

    @Test
    void conversationSaysWhatItSaysWithoutATranscription() {
        List<Object> alone = said(model.session());
        List<Word> words = Collections.synchronizedList(new ArrayList<>());
        assertThat(said(model.session().transcribe(user -> user.onWord(words::add))))
                .isEqualTo(alone);
        assertThat(words).anyMatch(Word::isFinal).anyMatch(word -> !word.isFinal());
        List<EndOfTurn> flushed = Collections.synchronizedList(new ArrayList<>());
        assertThat(said(model.session().transcribe(user -> user.onEndOfTurn(flushed::add)
                        .endOfTurn(0, Duration.ofMillis(80))
                        .flush(true))))
                .isEqualTo(alone);
        assertThat(flushed).isNotEmpty();
    }

    /** One of many talks, each of which hears another voice. */
    private static final class Stepped {
        private static final int LENGTH = 20;

        private final int number;
        private final Session session;
        private final List<Object> said = new ArrayList<>();
        private final List<Word> words = Collections.synchronizedList(new ArrayList<>());

        Stepped(MoshiVis model, int number) {
            this.number = number;
            session = model.session()
                    .seed(number)
                    .transcribe(user -> user.restart(false).onWord(words::add))
                    .open();
        }

        /** Takes a step; at the end the talk is closed. */
        boolean step() {
            float[] frame = new float[FRAME];
            Random random = new Random(100L * number + said.size());
            for (int i = 0; i < FRAME; i++) {
                frame[i] = random.nextFloat() - 0.5f;
            }
            said.add(session.step(frame)
                    .output()
                    .map(output -> output.text().token())
                    .orElse(-1));
            if (said.size() == LENGTH) {
                session.close();
                said.addAll(words);
            }
            return said.size() < LENGTH;
        }

        List<Object> finish() {
            boolean more = true;
            while (more) {
                more = step();
            }
            return said;
        }
    }

    @Test
    void eightTalksThatJoinAndLeaveNeverMix() {
        FakeModel talking = new FakeModel(8);
        try (FakeSpeechToText listening = new FakeSpeechToText(8);
                MoshiVis both = talking.with(listening.model)) {
            Map<Integer, List<Object>> alone = new HashMap<>();
            for (int number = 0; number < 8; number++) {
                alone.put(number, new Stepped(both, number).finish());
            }
            assertThat(new HashSet<>(alone.values())).hasSize(8);
            Map<Integer, List<Object>> together = new HashMap<>();
            List<Stepped> running = new ArrayList<>();
            List<Integer> waiting = new ArrayList<>(alone.keySet());
            Random random = new Random(5);
            Collections.shuffle(waiting, random);
            while (!waiting.isEmpty() || !running.isEmpty()) {
                if (!waiting.isEmpty() && random.nextInt(3) == 0) {
                    running.add(new Stepped(both, waiting.remove(0)));
                }
                for (Stepped talk : List.copyOf(running)) {
                    if (random.nextBoolean() && !talk.step()) {
                        running.remove(talk);
                        together.put(talk.number, talk.said);
                    }
                }
            }
            assertThat(together).isEqualTo(alone);
        } finally {
            talking.model.close();
        }
    }

    @Test
    void wordsAreThoseOfATranscriptionAlone() throws IOException {
        List<Word> beside = Collections.synchronizedList(new ArrayList<>());
        said(model.session().transcribe(user -> user.restart(false).onWord(beside::add)));
        List<Word> alone = new ArrayList<>();
        Samples source = new Samples(FRAMES * FRAME);
        float[] frame = new float[FRAME];
        try (TranscriptionSession session =
                stt.model.transcription().restart(false).open()) {
            FrameReader frames = new FrameReader(source);
            while (frames.fill(frame)) {
                alone.addAll(session.step(frame).words());
            }
            alone.addAll(session.flush().words());
        }
        assertThat(beside).isEqualTo(alone);
    }

    @Test
    void everyWordIsFinalAtTheEndAndInTheTranscript() {
        List<Word> words = Collections.synchronizedList(new ArrayList<>());
        Optional<Transcript> transcript;
        try (Conversation talk = model.session()
                .transcribe(user -> user.onWord(words::add))
                .start(new Samples(FRAMES * FRAME), new Collector())) {
            talk.join();
            transcript = talk.userTranscription().map(Transcription::transcript);
        }
        assertThat(words.get(words.size() - 1).isFinal()).isTrue();
        assertThat(transcript.orElseThrow().words())
                .isEqualTo(words.stream().filter(Word::isFinal).toList());
        assertThat(transcript.get().duration()).isEqualTo(FRAMES * 0.08);
        assertThat(transcript.get().words())
                .allMatch(word -> word.end().orElseThrow() <= FRAMES * 0.08 && word.start() >= 0);
    }

    @Test
    void pausesAndEndsOfTurnsAreTold() {
        List<Pause> pauses = Collections.synchronizedList(new ArrayList<>());
        List<EndOfTurn> ends = Collections.synchronizedList(new ArrayList<>());
        said(model.session()
                .transcribe(
                        user -> user.onPause(pauses::add).onEndOfTurn(ends::add).endOfTurn(0, Duration.ofMillis(80))));
        assertThat(pauses).hasSize(FRAMES);
        assertThat(pauses).extracting(Pause::time).isSorted();
        assertThat(pauses).allMatch(pause -> pause.probabilities().size() == Pause.HORIZONS.size());
        assertThat(ends).isNotEmpty();
    }

    @Test
    void stalledTranscriptionLeavesTheConversationAlone() {
        List<Object> alone = said(model.session());
        CountDownLatch forever = new CountDownLatch(1);
        stt.onTick(() -> {
            try {
                forever.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            assertThat(said(model.session().transcribe(user -> user.finishTimeout(Duration.ZERO))))
                    .isEqualTo(alone);
        } finally {
            forever.countDown();
        }
    }

    @Test
    void lateWordsAreReported() throws InterruptedException {
        List<Lag> lags = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch heard = new CountDownLatch(1);
        CountDownLatch stalled = new CountDownLatch(1);
        stt.onTick(() -> {
            heard.countDown();
            try {
                stalled.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (Conversation talk = model.session()
                .transcribe(user -> user.onLag(lags::add).finishTimeout(Duration.ofSeconds(50)))
                .start(new Samples(FRAMES * FRAME), new Collector())) {
            heard.await();
            Thread.sleep(1100); // words that come more than a second late are late
            stalled.countDown();
            talk.join();
        } finally {
            stalled.countDown();
        }
        assertThat(lags).isNotEmpty();
        assertThat(lags).allMatch(lag -> lag.kind() == Lag.Kind.LATE);
        assertThat(lags.get(0).behind()).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void failedTranscriptionLeavesTheConversationAlone() {
        List<Object> alone = said(model.session());
        stt.onTick(() -> {
            throw new IllegalStateException("planned");
        });
        assertThat(said(model.session().transcribe(user -> user))).isEqualTo(alone);
    }

    @Test
    void listenerThatFailsTouchesNothing() {
        List<Object> alone = said(model.session());
        AtomicInteger told = new AtomicInteger();
        assertThat(said(model.session()
                        .transcribe(user -> user.onWord(word -> {
                            if (told.incrementAndGet() == 1) {
                                throw new AssertionError("planned");
                            }
                        }))))
                .isEqualTo(alone);
        assertThat(told).hasValueGreaterThan(1);
    }

    @Test
    void modelWithoutSpeechToTextSaysSo() {
        assertThat(model.canTranscribe()).isTrue();
        assertThat(fake.model.canTranscribe()).isFalse();
        assertThatThrownBy(() -> fake.model.session().transcribe(user -> user))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without speech to text")
                .hasMessageContaining("SpeechToText.load");
    }

    @Test
    void steppedSessionIsTranscribedToo() {
        List<Word> words = Collections.synchronizedList(new ArrayList<>());
        try (Session session =
                model.session().transcribe(user -> user.onWord(words::add)).open()) {
            for (int i = 0; i < FRAMES; i++) {
                session.step(FakeModel.frame(Math.sin(i)));
            }
        }
        assertThat(words).anyMatch(Word::isFinal);
    }

    @Test
    void recordingHoldsBothInOrderOfTime() throws IOException {
        Recording recording = new Recording(directory.resolve("talk.wav"), new Collector(), Map.of(), 4, true);
        for (int step = 0; step < 50; step++) {
            StepResult.Row row = new StepResult.Row(7, new int[] {1, 2}, 0.25f, new float[0], new float[FRAME]);
            StepResult result = new StepResult(step, new int[] {3, 4}, new int[] {3, 4}, false, row, null);
            recording.add(new float[FRAME], result, "model " + step);
            if (step == 20) {
                recording.addUserWord(new Word(0, "early", 0.5, OptionalDouble.of(0.9), true));
            }
        }
        recording.addUserWord(new Word(1, "late", 3.0, OptionalDouble.of(3.2), true));
        recording.close();
        JsonNode entries = new ObjectMapper()
                .readTree(directory.resolve("talk.json").toFile())
                .get("transcript");
        List<Double> times = new ArrayList<>();
        entries.forEach(entry -> times.add(
                entry.has("step")
                        ? entry.get("step").asInt() * 0.08
                        : entry.get("start").asDouble()));
        assertThat(times).hasSize(52).isSorted();
        assertThat(entries.findValuesAsText("speaker")).containsExactly("user", "user");
    }
}
