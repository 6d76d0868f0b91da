package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.Golden.Values;
import io.github.moshivis.engine.UserFrame;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.transcript.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transcriptions of the golden model as steps: parity, streams beside each other, flush, restart, ends of turns. */
class ScribeTest {
    private static final int[][] FRAMES = frames();

    private final FakeSpeechToText stt = new FakeSpeechToText(3);

    @AfterEach
    void close() {
        stt.close();
    }

    private static int[][] frames() {
        Values codes = Golden.tensors("stt/inputs.safetensors").get("codes");
        int streams = (int) codes.shape()[0];
        int count = (int) codes.shape()[1];
        int[][] frames = new int[count][streams];
        for (int k = 0; k < streams; k++) {
            for (int frame = 0; frame < count; frame++) {
                frames[frame][k] = (int) codes.floats()[k * count + frame];
            }
        }
        return frames;
    }

    private static double after(int frame) {
        return (frame + 1) / AudioSource.FRAME_RATE;
    }

    /** The tokens of some frames, heard alone. */
    private List<Integer> tokens(TranscriptionOptions options, int from, int to) throws InterruptedException {
        List<Integer> tokens = new ArrayList<>();
        try (Scribe scribe = new Scribe(options, false, 0)) {
            for (int frame = from; frame < to; frame++) {
                tokens.addAll(
                        scribe.hear(UserFrame.of(FRAMES[frame]), after(frame)).tokens());
            }
        }
        return tokens;
    }

    private static List<Integer> golden(int count) {
        long[] tokens = Golden.tensors("stt/expected_first_twice.safetensors")
                .get("text_tokens")
                .longs();
        return Arrays.stream(tokens).limit(count).mapToObj(token -> (int) token).toList();
    }

    @Test
    void tokensAreThoseOfTheReference() throws InterruptedException {
        assertThat(tokens(stt.model.transcription(), 0, FRAMES.length)).isEqualTo(golden(FRAMES.length));
    }

    @Test
    void streamsThatJoinAndLeaveNeverMix() throws InterruptedException {
        Map<Integer, List<Integer>> alone = new HashMap<>();
        for (int start = 0; start < 8; start++) {
            alone.put(start, tokens(stt.model.transcription(), start, start + 40));
        }
        Random random = new Random(5);
        Map<Integer, Scribe> running = new HashMap<>();
        Map<Integer, List<Integer>> together = new HashMap<>();
        int opened = 0;
        while (opened < 8 || !running.isEmpty()) {
            if (opened < 8 && running.size() < 3 && random.nextBoolean()) {
                together.put(opened, new ArrayList<>());
                running.put(opened++, new Scribe(stt.model.transcription(), false, 0));
            }
            for (int start : List.copyOf(running.keySet())) {
                List<Integer> heard = together.get(start);
                if (random.nextBoolean()) {
                    int frame = start + heard.size();
                    heard.addAll(running.get(start)
                            .hear(UserFrame.of(FRAMES[frame]), after(frame))
                            .tokens());
                    if (heard.size() == 40) {
                        running.remove(start).close();
                    }
                }
            }
        }
        assertThat(together).isEqualTo(alone);
    }

    @Test
    void flushBringsWordsWithoutTimeGoingOn() throws InterruptedException {
        try (Scribe scribe = new Scribe(stt.model.transcription(), false, 0)) {
            List<Word> words = new ArrayList<>();
            for (int frame = 0; frame < 20; frame++) {
                words.addAll(
                        scribe.hear(UserFrame.of(FRAMES[frame]), after(frame)).words());
            }
            TranscriptionStep flushed = scribe.flush();
            words.addAll(flushed.words());
            assertThat(flushed.tokens())
                    .hasSize((int) Math.ceil(stt.config.stt().delay() * 12.5) + 1);
            assertThat(words.get(words.size() - 1).isFinal()).isTrue();
            for (int frame = 20; frame < 60; frame++) {
                words.addAll(
                        scribe.hear(UserFrame.of(FRAMES[frame]), after(frame)).words());
            }
            words.addAll(scribe.finish().words());
            List<Word> finals = words.stream().filter(Word::isFinal).toList();
            assertThat(finals).extracting(Word::start).isSorted();
            assertThat(finals).allMatch(word -> word.end().orElseThrow() <= after(59));
            assertThat(finals.stream().map(Word::number).toList())
                    .isEqualTo(java.util.stream.LongStream.range(0, finals.size())
                            .boxed()
                            .toList());
        }
    }

    @Test
    void restartsAtAPauseBeforeTheWindowIsFull() throws InterruptedException {
        TranscriptionOptions always =
                stt.model.transcription().endOfTurn(0, Duration.ofMillis(80)).flush(false);
        try (Scribe scribe = new Scribe(always, true, 0)) {
            int restarted = -1;
            List<Word> words = new ArrayList<>();
            for (int frame = 0; restarted < 0; frame++) {
                TranscriptionStep step = scribe.hear(UserFrame.of(FRAMES[frame]), after(frame));
                words.addAll(step.words());
                restarted = step.tokens().size() > 1 ? frame : -1;
                assertThat(frame).isLessThan(stt.config.context());
            }
            List<Integer> fresh = tokens(always, restarted + 1, FRAMES.length);
            List<Integer> later = new ArrayList<>();
            int position = 0;
            for (int frame = restarted + 1; frame < FRAMES.length && position++ < 10; frame++) {
                TranscriptionStep step = scribe.hear(UserFrame.of(FRAMES[frame]), after(frame));
                later.add(step.tokens().get(0));
                words.addAll(step.words());
            }
            assertThat(later).isEqualTo(fresh.subList(0, later.size()));
            double restart = after(restarted);
            assertThat(words.stream().filter(Word::isFinal).map(Word::start).toList())
                    .isSorted();
            assertThat(words.get(words.size() - 1).start()).isGreaterThanOrEqualTo(restart);
        }
    }

    @Test
    void theLongestWaitIsWaited() {
        try (Transcription transcription = stt.model.transcription().start(new Talking.Samples(1920))) {
            assertThat(transcription.await(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
        }
    }

    @Test
    void endOfTurnComesAfterItsWordsOnce() throws InterruptedException {
        TranscriptionOptions always =
                stt.model.transcription().endOfTurn(0, Duration.ofMillis(80)).flush(true);
        try (Scribe scribe = new Scribe(always, false, 0)) {
            int turns = 0;
            boolean open = false;
            for (int frame = 0; frame < FRAMES.length; frame++) {
                TranscriptionStep step = scribe.hear(UserFrame.of(FRAMES[frame]), after(frame));
                for (Word word : step.words()) {
                    open = !word.isFinal();
                }
                if (step.endOfTurn()) {
                    turns++;
                    assertThat(open).as("an open word at the end of a turn").isFalse();
                    assertThat(step.words()).anyMatch(Word::isFinal);
                }
            }
            assertThat(turns).isPositive();
        }
    }

    @Test
    void promptIsWrittenFirst() throws InterruptedException {
        String text = Golden.json("stt/run.json").get("prompt").asText();
        TranscriptionOptions prompted = stt.model.transcription().prompt(text);
        List<Integer> wanted = new ArrayList<>();
        Golden.json("stt/run.json").get("prompt_tokens").forEach(token -> wanted.add(token.asInt()));
        List<Integer> said = tokens(prompted, 0, FRAMES.length).stream()
                .filter(token -> token != 0 && token != 3)
                .toList();
        assertThat(said).startsWith(wanted.toArray(Integer[]::new));
    }

    @Test
    void allSlotsTakenIsSaid() throws InterruptedException {
        try (Scribe one = new Scribe(stt.model.transcription(), false, 0);
                Scribe two = new Scribe(stt.model.transcription(), false, 0);
                Scribe three = new Scribe(stt.model.transcription(), false, 0)) {
            assertThatThrownBy(() -> new Scribe(stt.model.transcription(), false, 0))
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void transcriptionsWaitInTheQueueOfTheirModel() throws InterruptedException {
        try (Scribe one = new Scribe(stt.model.transcription(), false, 0);
                Scribe two = new Scribe(stt.model.transcription(), false, 0)) {
            TranscriptionOptions waiting = stt.model.transcription().waitForSlot(Duration.ofMillis(20));
            TranscriptionSession three = waiting.open();
            assertThatThrownBy(waiting::open).hasMessageContaining("became free within PT0.02S");
            SlotTicket ticket = stt.model.ticket();
            TranscriptionOptions own = stt.model.transcription().ticket(ticket);
            assertThatThrownBy(own::open).hasMessageContaining("turn has not come");
            three.close();
            assertThatThrownBy(() -> stt.model.transcription().open()).hasMessageContaining("in use");
            own.open().close();
            assertThatThrownBy(own::open).hasMessageContaining("take another ticket");
            try (FakeSpeechToText other = new FakeSpeechToText(1)) {
                assertThatThrownBy(() -> other.model.transcription().ticket(ticket))
                        .hasMessageContaining("another model");
            }
        }
    }

    @Test
    void sessionHearsSound() {
        Random random = new Random(3);
        float[] frame = new float[Session.FRAME_SAMPLES];
        try (TranscriptionSession session = stt.model.transcription().open()) {
            for (int i = 0; i < 10; i++) {
                for (int j = 0; j < frame.length; j++) {
                    frame[j] = random.nextFloat() - 0.5f;
                }
                TranscriptionStep step = session.step(frame);
                assertThat(step.tokens()).hasSize(1);
                assertThat(step.pauses()).hasSize(4).allMatch(p -> p >= 0 && p <= 1);
            }
            assertThatThrownBy(() -> session.step(new float[7])).hasMessageContaining("1920");
        }
    }
}
