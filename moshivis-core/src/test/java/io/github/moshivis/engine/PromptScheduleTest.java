package io.github.moshivis.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.TinyPersonaPlex;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.lm.Controls;
import io.github.moshivis.lm.LanguageModelFile;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.lm.PromptState;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * While somebody talks, the prompts of others wait for the talk's frames and not the other way round. Counted, not timed: the clock
 * advances by a frame whenever it is read, so that every piece of work takes longer than prompts may.
 */
@Timeout(60)
class PromptScheduleTest {
    private static final long FRAME_NANOS = 80_000_000;
    private static final int SLOTS = 3;
    private static final int VOICE_FRAMES = 20;
    private static final int ROLE_TOKENS = 120;

    /** 20 + 6 + 120 + 6 calls are 151 steps, in pieces of 8; the first piece encodes a frame, and the last one copies the state. */
    private static final int PIECES = VOICE_FRAMES + 19 + 1;

    private enum Event {
        /** Of work on a prompt. */
        PIECE,
        TICK
    }

    @TempDir
    Path directory;

    private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong clock = new AtomicLong();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private Weights weights;
    private Engine engine;

    @BeforeEach
    void start() throws IOException {
        TinyPersonaPlex.write(directory);
        ModelDirectory model = ModelDirectory.read(directory);
        LanguageModelFile file = LanguageModelFile.open(LanguageModelFile.locate(model), model);
        LmConfig config = file.config().lm();
        weights = new Weights(file.file(), file.names(), Device.CPU);
        engine = Engine.start(
                new Engine.Parts(
                        LanguageModelLoader.load(weights.as(DType.F32), config, RmsNorm.Spec.MEAN_OF_SQUARES),
                        new SilentCodec(config),
                        Device.CPU,
                        SLOTS,
                        0,
                        1,
                        false,
                        1,
                        0,
                        false,
                        1,
                        false),
                (parts, stream) -> new NotingTicker(parts),
                () -> clock.addAndGet(FRAME_NANOS));
    }

    @AfterEach
    void close() {
        callers.shutdownNow();
        engine.close();
        weights.close();
    }

    private static SlotOptions options(PromptRequest prompt) {
        return new SlotOptions(Controls.GREEDY, 1, 1, 0, null, prompt, new int[0], 0);
    }

    private PromptRequest prompt(String key) {
        float[] voice = new float[VOICE_FRAMES * AudioSource.FRAME_SAMPLES];
        return new PromptRequest(key, voice, null, new int[ROLE_TOKENS]);
    }

    private SlotLease open(PromptRequest prompt) {
        SlotLease lease = engine.slots().claim();
        engine.open(lease, options(prompt));
        return lease;
    }

    /** A talk that has its next frame ready in the moment in which it hears the answer to the last one. */
    private void keepTalking(SlotLease lease) {
        lease.putSkipping(UserFrame.of(new float[AudioSource.FRAME_SAMPLES])).thenAccept(answer -> {
            lease.taken();
            keepTalking(lease);
        });
    }

    /** The events while prompts were prepared, in the order of the inference thread. */
    private List<Event> during(List<Event> all) {
        int first = all.indexOf(Event.PIECE);
        int last = all.lastIndexOf(Event.PIECE);
        return List.copyOf(all).subList(first, last + 1);
    }

    @Test
    void aTalkGetsEachFrameAfterAtMostOnePieceOfAnothersPrompt() {
        SlotLease talk = open(null);
        keepTalking(talk);

        open(prompt("Ada"));

        List<Event> events = during(List.copyOf(this.events));
        assertThat(events).filteredOn(Event.PIECE::equals).hasSize(PIECES);
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i)).as("event %s", i).isEqualTo(i % 2 == 0 ? Event.PIECE : Event.TICK);
        }
    }

    @Test
    void severalPromptsAtOnceDelayATalkNoMoreThanOne() {
        SlotLease talk = open(null);
        keepTalking(talk);

        CompletableFuture<?> one = CompletableFuture.runAsync(() -> open(prompt("Ada")), callers);
        CompletableFuture<?> other = CompletableFuture.runAsync(() -> open(prompt("Bob")), callers);
        CompletableFuture.allOf(one, other).join();

        List<Event> events = during(List.copyOf(this.events));
        assertThat(events).filteredOn(Event.PIECE::equals).hasSize(2 * PIECES);
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.subList(i - 1, i + 1)).as("events %s", i).contains(Event.TICK);
        }
    }

    @Test
    void whileNobodyTalksAPromptIsDoneAtOnce() {
        open(prompt("Ada"));

        assertThat(events).hasSize(PIECES).containsOnly(Event.PIECE);
    }

    /** Notes what the inference thread does. */
    private final class NotingTicker extends Ticker {
        NotingTicker(Engine.Parts parts) {
            super(parts, Inputs.direct(parts.device()), null);
        }

        @Override
        PromptState keptPrompt(Object key) { // asked for in each piece of a prompt's work
            events.add(Event.PIECE);
            return super.keptPrompt(key);
        }

        @Override
        StepResult[] tick(UserFrame[] frames) {
            events.add(Event.TICK);
            return super.tick(frames);
        }
    }

    /** Hears and says silence. */
    private record SilentCodec(LmConfig config) implements SpeechCodec {
        private record NoState() implements State {
            @Override
            public void reset(int slot) {}

            @Override
            public void close() {}
        }

        @Override
        public int frameSize() {
            return AudioSource.FRAME_SAMPLES;
        }

        @Override
        public int codebooks() {
            return config.userCodebooks();
        }

        @Override
        public State newState(int slots) {
            return new NoState();
        }

        @Override
        public Pass planEncoding(State state, Rows rows) {
            return pcm -> Tensor.full(0, DType.I64, Device.CPU, rows.count(), config.userCodebooks());
        }

        @Override
        public Pass planDecoding(State state, Rows rows) {
            return codes -> Tensor.full(0, DType.F32, Device.CPU, rows.count(), AudioSource.FRAME_SAMPLES);
        }
    }
}
