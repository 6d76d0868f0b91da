package io.github.moshivis.audio.mimi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.moshivis.Golden;
import io.github.moshivis.Leaks;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.DeviceWork;
import io.github.moshivis.tensor.Input;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many streams in one batch, each as if it were alone. */
class MimiStreamsTest {
    /** Products of another batch size may sum in another order: about ten times the float noise of the samples. */
    private static final double TOLERANCE = Golden.Tolerance.PCM;

    /** More than twice the context of the golden codec. */
    private static final int FRAMES = 13;

    @TempDir
    Path scratch;

    private MimiFixture fixture;
    private Mimi mimi;

    @BeforeEach
    void load() throws IOException {
        fixture = MimiFixture.golden(scratch);
        mimi = fixture.mimi;
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** One stream of speech, and what came of it. */
    private final class Talk {
        private final float[][] frames = new float[FRAMES][];
        private final List<long[]> codes = new ArrayList<>();
        private final List<float[]> pcm = new ArrayList<>();

        Talk(long seed) {
            Random random = new Random(seed);
            Arrays.setAll(frames, i -> MimiFixture.noise(random, mimi.frameSize()));
        }

        int position() {
            return codes.size();
        }

        boolean isDone() {
            return position() == FRAMES;
        }

        float[] next() {
            return frames[position()];
        }
    }

    /** One tick: encodes a frame of each talk that takes part, and decodes its codes; the other rows hold garbage. */
    private void tick(SpeechCodec.State state, Talk... talks) {
        tick(state, Inputs.direct(Device.CPU), UnaryOperator.identity(), talks);
    }

    /** One tick whose work on the device may be exchanged for an earlier tick's. */
    private void tick(
            SpeechCodec.State state, Inputs inputs, UnaryOperator<Supplier<Tensor[]>> exchange, Talk... talks) {
        try (Scope scope = Scope.open()) {
            boolean[] active = new boolean[talks.length];
            float[] pcm = new float[talks.length * mimi.frameSize()];
            Arrays.fill(pcm, Float.NaN);
            for (int row = 0; row < talks.length; row++) {
                active[row] = talks[row] != null;
                if (active[row]) {
                    System.arraycopy(talks[row].next(), 0, pcm, row * mimi.frameSize(), mimi.frameSize());
                }
            }
            inputs.begin();
            Rows rows = Rows.of(inputs, active);
            Input frames = inputs.add(pcm, talks.length, mimi.frameSize());
            SpeechCodec.Pass encoding = mimi.planEncoding(state, rows);
            SpeechCodec.Pass decoding = mimi.planDecoding(state, rows);
            inputs.upload();
            Supplier<Tensor[]> work = exchange.apply(() -> {
                Tensor codes = encoding.run(frames.tensor());
                Tensor garbage = Tensor.full(-1, DType.I64, Device.CPU, codes.shape());
                return new Tensor[] {codes, decoding.run(rows.choose(codes, garbage))};
            });
            Tensor[] results = DeviceWork.run(work);
            for (int row = 0; row < talks.length; row++) {
                if (active[row]) {
                    talks[row].codes.add(results[0].select(0, row).toLongs());
                    talks[row].pcm.add(results[1].select(0, row).toFloats());
                }
            }
        }
    }

    private Talk alone(long seed) {
        Talk talk = new Talk(seed);
        try (SpeechCodec.State state = mimi.newState(1)) {
            while (!talk.isDone()) {
                tick(state, talk);
            }
        }
        return talk;
    }

    private static void assertSame(Talk actual, Talk expected, double tolerance) {
        for (int frame = 0; frame < FRAMES; frame++) {
            assertThat(actual.codes.get(frame)).as("codes of frame " + frame).isEqualTo(expected.codes.get(frame));
            Golden.assertClose("frame " + frame, actual.pcm.get(frame), expected.pcm.get(frame), tolerance);
        }
    }

    @Test
    void rowsThatStartAtDifferentFramesPauseAndAreResetEqualEachAlone() {
        Talk early = new Talk(1);
        Talk late = new Talk(2);
        Talk aborted = new Talk(3);
        Talk fresh = new Talk(4);
        try (SpeechCodec.State state = mimi.newState(4)) {
            for (int tick = 0; !(early.isDone() && late.isDone() && fresh.isDone()); tick++) {
                boolean earlyPauses = tick == 4 || tick == 5;
                boolean lateTakesPart = tick >= 3 && tick % 3 != 2;
                if (tick == 6) {
                    state.reset(2); // the slot is given to another
                }
                tick(
                        state,
                        earlyPauses || early.isDone() ? null : early,
                        lateTakesPart && !late.isDone() ? late : null,
                        tick < 6 ? aborted : fresh.isDone() ? null : fresh);
            }
        }
        assertSame(early, alone(1), TOLERANCE);
        assertSame(late, alone(2), TOLERANCE);
        assertSame(fresh, alone(4), TOLERANCE);
    }

    /** As on a GPU: all that Java knew is of the first tick with the same signature, only inputs are of the present one. */
    @Test
    void framesWhoseWorkIsThatOfEarlierOnesEqualEachAlone() {
        Random random = new Random(3);
        Talk[] talks = {new Talk(1), new Talk(2), new Talk(4)};
        Map<List<Object>, Supplier<Tensor[]>> first = new HashMap<>();
        int ticks = 0;
        try (SpeechCodec.State state = mimi.newState(3);
                Inputs inputs = Inputs.packed(Device.CPU)) {
            while (!Arrays.stream(talks).allMatch(Talk::isDone)) {
                Talk[] present = Arrays.stream(talks)
                        .map(talk -> talk.isDone() || random.nextInt(3) == 0 ? null : talk)
                        .toArray(Talk[]::new);
                tick(
                        state,
                        inputs,
                        work -> {
                            first.putIfAbsent(inputs.signature(), work);
                            return first.get(inputs.signature());
                        },
                        present);
                ticks++;
            }
        }
        assertThat(first).hasSizeLessThan(ticks / 4);
        assertSame(talks[0], alone(1), TOLERANCE);
        assertSame(talks[1], alone(2), TOLERANCE);
        assertSame(talks[2], alone(4), TOLERANCE);
    }

    @Test
    void aRowAtRestStaysBitForBitAsItWas() {
        Talk[] rests = {new Talk(1), new Talk(2)};
        Talk[] goesOn = {new Talk(1), new Talk(2)};
        try (SpeechCodec.State resting = mimi.newState(2);
                SpeechCodec.State going = mimi.newState(2)) {
            int filled = fixture.config.transformer().context() / fixture.config.stepsPerFrame() + 1;
            for (int i = 0; i < filled; i++) { // from here on all windows have one length
                tick(resting, rests);
                tick(going, goesOn);
            }
            Talk other = new Talk(9);
            for (int i = 0; i < 3; i++) {
                tick(resting, other, null);
            }
            while (!goesOn[1].isDone()) {
                tick(resting, rests);
                tick(going, goesOn);
            }
        }
        assertSame(rests[1], goesOn[1], 0);
    }

    @Test
    void aResetSlotEqualsAFreshOneBitForBit() {
        Talk again = new Talk(1);
        try (SpeechCodec.State state = mimi.newState(1)) {
            Talk before = new Talk(5);
            while (!before.isDone()) {
                tick(state, before);
            }
            state.reset(0);
            while (!again.isDone()) {
                tick(state, again);
            }
        }
        assertSame(again, alone(1), 0);
    }

    @Test
    void encoderAndDecoderGoOnIndependently() {
        Talk talk = new Talk(1);
        Talk expected = alone(1);
        Rows one = Rows.all(Device.CPU, 1);
        try (SpeechCodec.State state = mimi.newState(1);
                Scope scope = Scope.open()) {
            List<Tensor> codes = new ArrayList<>();
            for (float[] frame : talk.frames) {
                codes.add(mimi.encode(Tensor.of(frame, Device.CPU, 1, frame.length), state, one));
            }
            for (int i = 0; i < FRAMES; i++) {
                float[] pcm = mimi.decode(codes.get(i), state, one).toFloats();
                assertThat(pcm).as("frame " + i).isEqualTo(expected.pcm.get(i));
            }
        }
    }

    @Test
    void futureInputNeverChangesPastOutput() {
        Talk talk = new Talk(1);
        int known = FRAMES - 4;
        try (Scope scope = Scope.open()) {
            Tensor pcm = Ops.cat(
                    0,
                    Arrays.stream(talk.frames)
                            .map(frame -> Tensor.of(frame, Device.CPU, frame.length))
                            .toArray(Tensor[]::new));
            Tensor loudEnd = pcm.copy();
            long past = (long) known * mimi.frameSize();
            loudEnd.narrow(0, past, pcm.size(0) - past).fill(0.9);
            Tensor codes = mimi.encodeOffline(pcm.unsqueeze(0));
            Tensor otherCodes = mimi.encodeOffline(loudEnd.unsqueeze(0));
            assertThat(otherCodes.narrow(1, 0, known).toLongs())
                    .isEqualTo(codes.narrow(1, 0, known).toLongs());
            assertThat(otherCodes.toLongs()).isNotEqualTo(codes.toLongs());
            Tensor decoded = mimi.decodeOffline(codes);
            Tensor otherDecoded = mimi.decodeOffline(otherCodes);
            assertThat(otherDecoded.narrow(1, 0, past).toFloats())
                    .isEqualTo(decoded.narrow(1, 0, past).toFloats());
        }
    }

    @Test
    void wholeAudioOfSeveralRowsEqualsEachAlone() {
        Talk a = new Talk(1);
        Talk b = new Talk(2);
        try (Scope scope = Scope.open()) {
            Tensor first = Tensor.of(a.frames[0], Device.CPU, 1, mimi.frameSize());
            Tensor second = Tensor.of(b.frames[0], Device.CPU, 1, mimi.frameSize());
            Tensor both = mimi.encodeOffline(Ops.cat(0, first, second));
            assertThat(both.toLongs())
                    .isEqualTo(Ops.cat(0, mimi.encodeOffline(first), mimi.encodeOffline(second))
                            .toLongs());
            Golden.assertClose(
                    "samples",
                    mimi.decodeOffline(both).narrow(0, 1, 1).toFloats(),
                    mimi.decodeOffline(both.narrow(0, 1, 1)).toFloats(),
                    TOLERANCE);
        }
    }

    @Test
    void noAudioHasNoCodesAndNoCodesNoAudio() {
        try (Scope scope = Scope.open()) {
            Tensor codes = mimi.encodeOffline(Tensor.zeros(DType.F32, Device.CPU, 1, 0));
            assertThat(codes.shape()).containsExactly(1, 0, MimiFixture.codebooks());
            assertThat(mimi.decodeOffline(codes).shape()).containsExactly(1, 0);
        }
    }

    @Test
    void aLongTalkLeavesNothingBehind() {
        try (SpeechCodec.State state = mimi.newState(2)) {
            tick(state, new Talk(1), new Talk(2));
            tick(state, new Talk(1), new Talk(2)); // records the programs: the first frame has no past
            NativeMemory.Snapshot before = NativeMemory.snapshot();
            for (int i = 0; i < 30; i++) {
                tick(state, new Talk(1), i % 3 == 0 ? null : new Talk(2));
            }
            Leaks.assertNone(before);
        }
    }

    @Test
    void refusesFramesAndCodesThatDoNotFit() {
        Rows one = Rows.all(Device.CPU, 1);
        try (SpeechCodec.State state = mimi.newState(1);
                Scope scope = Scope.open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> mimi.encode(Tensor.zeros(DType.F32, Device.CPU, 1, 960), state, one))
                    .withMessageContainingAll("Samples", "[1, 960]", "[1, 1920]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> mimi.decode(Tensor.zeros(DType.I64, Device.CPU, 2, 8), state, one))
                    .withMessageContainingAll("Codes", "[2, 8]", "[1, " + MimiFixture.codebooks() + "]");
            long bins = fixture.config.quantizer().bins();
            Tensor tooLarge = Tensor.full(bins, DType.I64, Device.CPU, 1, 1, MimiFixture.codebooks());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> mimi.decodeOffline(tooLarge))
                    .withMessageContainingAll("found " + bins, "0 to " + (bins - 1));
        }
    }
}
