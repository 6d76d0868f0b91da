package io.github.moshivis.audio.mimi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Tolerance;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.Leaks;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.InScope;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Golden set mimi: a tiny random codec, run through the public PyTorch reference, offline and streaming. */
@ExtendWith(InScope.class)
class MimiGoldenTest {
    private static final Rows ONE = Rows.all(Device.CPU, 1);

    @TempDir
    Path scratch;

    private final Map<String, Values> inputs = Golden.tensors("mimi/inputs.safetensors");
    private final Map<String, Values> expected = Golden.tensors("mimi/expected.safetensors");
    private MimiFixture fixture;
    private Mimi mimi;
    private SpeechCodec.State state;

    @BeforeEach
    void load() throws IOException {
        fixture = MimiFixture.golden(scratch);
        mimi = fixture.mimi;
        state = mimi.newState(1);
    }

    @AfterEach
    void close() {
        state.close();
        fixture.close();
    }

    // ---- offline ----

    @Test
    void encodesWholeAudioAsTheReference() {
        equal(mimi.encodeOffline(audio()), "offline.codes");
    }

    @Test
    void padsShortAudioWithZerosToWholeFrames() {
        Tensor threeFramesAndMore = audio().narrow(1, 0, 3L * mimi.frameSize() + 777);
        equal(mimi.encodeOffline(threeFramesAndMore), "offline.short.codes");
    }

    private MimiEncoder.Stages encode(Tensor pcm, HalfState half, int frames) {
        int steps = frames * fixture.config.stepsPerFrame();
        return mimi.encoder().forward(pcm, half, ONE, mimi.encoder().plan(half, ONE, steps));
    }

    private MimiDecoder.Stages decode(Tensor latent, HalfState half, int frames) {
        int steps = frames * fixture.config.stepsPerFrame();
        return mimi.decoder().forward(latent, half, ONE, mimi.decoder().plan(half, ONE, steps));
    }

    @Test
    void offlineStagesOfTheEncoderEqualTheReference() {
        int steps = frames() * fixture.config.stepsPerFrame();
        try (HalfState whole = mimi.encoder().newState(1, steps, Device.CPU)) {
            compare("offline", encode(audio(), whole, frames()));
        }
    }

    @Test
    void decodesWholeCodesAsTheReference() {
        close(mimi.decodeOffline(given()), "offline.decode.pcm", Tolerance.PCM);
    }

    @Test
    void offlineStagesOfTheDecoderEqualTheReference() {
        Tensor quantized = mimi.quantizer().decode(given());
        closeLatent(quantized, "offline.decode.quantized");
        int steps = (int) given().size(1) * fixture.config.stepsPerFrame();
        try (HalfState whole = mimi.decoder().newState(1, steps, Device.CPU)) {
            MimiDecoder.Stages stages = decode(quantized, whole, (int) given().size(1));
            closeLatent(stages.upsampled(), "offline.decode.upsample");
            closeLatent(stages.transformed(), "offline.decode.decoder_transformer");
            close(stages.pcm(), "offline.decode.pcm", Tolerance.PCM);
        }
    }

    // ---- streaming ----

    @Test
    void encodesFrameByFrameAsTheReference() {
        equal(join(frames(), this::encode), "stream.codes");
    }

    @Test
    void startsAgainAfterAReset() {
        join(3, this::encode);
        state.reset(0);
        int again = (int) expected.get("stream.after_reset.codes").shape()[2];
        equal(join(again, this::encode), "stream.after_reset.codes");
    }

    @Test
    void streamedStagesOfTheEncoderEqualTheReference() {
        compare("stream", encodeStages(1));
    }

    @Test
    void twoFramesACallLoseAsMuchOfTheContextAsInTheReference() {
        Tensor latent = encodeStages(2).latent();
        equal(mimi.quantizer().encode(latent), "stream2.codes");
    }

    private MimiEncoder.Stages encodeStages(int framesPerCall) {
        int calls = frames() / framesPerCall;
        MimiEncoder.Stages[] stages = new MimiEncoder.Stages[calls];
        long length = (long) framesPerCall * mimi.frameSize();
        for (int i = 0; i < calls; i++) {
            Tensor pcm = audio().narrow(1, i * length, length);
            stages[i] = encode(pcm, ((MimiState) state).encoder(), framesPerCall);
        }
        return new MimiEncoder.Stages(
                join(calls, i -> stages[i].convolved()),
                join(calls, i -> stages[i].transformed()),
                join(calls, i -> stages[i].latent()));
    }

    @Test
    void decodesFrameByFrameAsTheReference() {
        Tensor pcm = join((int) given().size(1), i -> decode(given(), i));
        close(pcm, "stream.decode_given.pcm", Tolerance.PCM);
    }

    @Test
    void streamedStagesOfTheDecoderEqualTheReference() {
        int calls = (int) given().size(1);
        MimiDecoder.Stages[] stages = new MimiDecoder.Stages[calls];
        for (int i = 0; i < calls; i++) {
            Tensor latent = mimi.quantizer().decode(given().narrow(1, i, 1));
            stages[i] = decode(latent, ((MimiState) state).decoder(), 1);
        }
        closeLatent(join(calls, i -> stages[i].upsampled()), "stream.decode_given.upsample");
        closeLatent(join(calls, i -> stages[i].transformed()), "stream.decode_given.decoder_transformer");
        close(join(calls, i -> stages[i].pcm()), "stream.decode_given.pcm", Tolerance.PCM);
    }

    @Test
    void decodesWhatItEncodesAsTheReference() {
        Tensor pcm = join(frames(), i -> mimi.decode(encode(i).select(1, 0), state, ONE));
        close(pcm, "stream.decode_roundtrip.pcm", Tolerance.PCM);
    }

    @Test
    void leavesNothingBehind() {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        try (Scope inner = Scope.open();
                SpeechCodec.State another = mimi.newState(2)) {
            mimi.decodeOffline(mimi.encodeOffline(audio()));
            another.reset(1);
        }
        Leaks.assertNone(before);
    }

    // ---- in the reference's layout ----

    /** F32 [1, samples]. */
    private Tensor audio() {
        return inputs.get("audio").tensor().select(1, 0);
    }

    private int frames() {
        return (int) audio().size(1) / mimi.frameSize();
    }

    /** I64 [1, frames, codebooks]. */
    private Tensor given() {
        return inputs.get("codes_given").ids().transpose(1, 2);
    }

    /** One frame of the audio, in stream; I64 [1, 1, codebooks]. */
    private Tensor encode(int frame) {
        Tensor pcm = audio().narrow(1, (long) frame * mimi.frameSize(), mimi.frameSize());
        return mimi.encode(pcm, state, ONE).unsqueeze(1);
    }

    private Tensor decode(Tensor codes, int frame) {
        return mimi.decode(codes.select(1, frame), state, ONE);
    }

    private static Tensor join(int calls, IntFunction<Tensor> call) {
        Tensor[] parts = new Tensor[calls];
        for (int i = 0; i < calls; i++) {
            parts[i] = call.apply(i);
        }
        return Ops.cat(1, parts);
    }

    private void equal(Tensor codes, String name) {
        assertThat(codes.transpose(1, 2).toLongs()) // [1, frames, codebooks] -> [1, codebooks, frames]
                .as(name)
                .isEqualTo(expected.get(name).longs());
    }

    private void compare(String mode, MimiEncoder.Stages stages) {
        closeLatent(stages.convolved(), mode + ".seanet_encoder");
        closeLatent(stages.transformed(), mode + ".encoder_transformer");
        closeLatent(stages.latent(), mode + ".downsample");
    }

    private void closeLatent(Tensor latent, String name) {
        close(latent.transpose(1, 2), name, Tolerance.CODEC); // [1, T, D] -> [1, D, T]
    }

    private void close(Tensor actual, String name, double tolerance) {
        Golden.assertClose(name, actual.toFloats(), expected.get(name).floats(), tolerance);
    }
}
