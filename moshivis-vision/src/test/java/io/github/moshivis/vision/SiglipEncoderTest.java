package io.github.moshivis.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.Golden;
import io.github.moshivis.Leaks;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.Image;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.VisionConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.plugin.tensor.ImageEncoder.Prepared;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.MeasuredWeights;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.PytorchNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the encoder behaves; what it computes is held to the reference by {@link VisionGoldenTest}. */
class SiglipEncoderTest {
    /** Tensors that an encoding holds from its first piece on. */
    private static final int HELD = 4;

    @TempDir
    Path scratch;

    private VisionConfig config;

    @BeforeEach
    void readSizes() throws IOException {
        config = Golden.config("vision", scratch).vision();
    }

    private VisionFixture fixture(DType dtype) throws IOException {
        return VisionFixture.golden(scratch, dtype);
    }

    private static Prepared ramps(SiglipEncoder encoder, int size) {
        Image.Pixels ramps = Pictures.ramps();
        return encoder.prepare(Image.rgb(ramps.width(), ramps.height(), ramps.rgb()), size, false);
    }

    private static Tensor finished(SiglipEncoding encoding) {
        while (encoding.advance()) {}
        return encoding.features();
    }

    @Test
    void workComesInPiecesOfALayer() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32);
                Scope scope = Scope.open();
                SiglipEncoding encoding = fixture.encoder.begin(ramps(fixture.encoder, config.imageSize()))) {
            int calls = 1;
            while (encoding.advance()) {
                calls++;
            }
            assertThat(calls)
                    .as("patches, two for each layer, and what comes after")
                    .isEqualTo(1 + 2 * config.layers() + 1);
            float[] features = encoding.features().toFloats();
            assertThat(encoding.advance()).as("more to do").isFalse();
            assertThat(encoding.features().toFloats()).isEqualTo(features);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void planSaysTheMemory(DType dtype) throws IOException {
        ModelConfig sizes = VisionFixture.goldenConfig(scratch);
        TensorFile file = SafetensorsFile.open(Golden.path("vision/model.safetensors"));
        try (Weights weights = new Weights(file, PytorchNames.table(sizes.lm().modelCodebooks()), Device.CPU)) {
            MeasuredWeights.assertPlanned(
                    "encoder as " + dtype,
                    weights,
                    file,
                    dtype,
                    reader -> VisionFixture.PROVIDER.load(reader.at("image"), sizes, RmsNorm.Spec.VARIANCE_UNCAST));
        }
    }

    @Test
    void piecesOfOneTokenGiveTheSame() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32);
                Scope scope = Scope.open()) {
            int size = config.imageSize();
            float[] pixels = ramps(fixture.encoder, size).pixels();
            try (SiglipEncoding whole = fixture.encoder.begin(pixels, size, size);
                    SiglipEncoding blocks = new SiglipEncoding(fixture.encoder.network(), pixels, size, size, 1)) {
                int calls = 1;
                while (blocks.advance()) {
                    calls++;
                }
                assertThat(calls).isEqualTo(1 + (2 * config.layers() + 1) * config.positions());
                Golden.assertClose(
                        "features",
                        blocks.features().toFloats(),
                        finished(whole).toFloats(),
                        Golden.Tolerance.VISION);
            }
        }
    }

    @Test
    void encodingsSideBySideDoNotMix() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32);
                Scope scope = Scope.open();
                SiglipEncoding alone = fixture.encoder.begin(ramps(fixture.encoder, config.imageSize()));
                SiglipEncoding first = fixture.encoder.begin(ramps(fixture.encoder, config.imageSize()));
                SiglipEncoding second = fixture.encoder.begin(ramps(fixture.encoder, config.patchSize()))) {
            float[] expected = finished(alone).toFloats();
            while (first.advance() | second.advance()) {}
            assertThat(first.features().toFloats()).isEqualTo(expected);
        }
    }

    @Test
    void featuresOutliveTheEncodingInTheirScope() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32);
                Scope scope = Scope.open()) {
            SiglipEncoding encoding = fixture.encoder.begin(ramps(fixture.encoder, config.imageSize()));
            Tensor features = finished(encoding);
            float[] before = features.toFloats();
            encoding.close();
            assertThat(features.toFloats()).isEqualTo(before);
        }
    }

    @Test
    void leavesNothingBehindHoweverFarItGot() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32)) {
            Prepared prepared = ramps(fixture.encoder, config.imageSize());
            NativeMemory.Snapshot before = NativeMemory.snapshot();
            for (int calls = 0; calls <= 2 * config.layers() + 2; calls++) {
                try (SiglipEncoding encoding = fixture.encoder.begin(prepared)) {
                    for (int i = 0; i < calls; i++) {
                        encoding.advance();
                    }
                    assertThat(NativeMemory.snapshot().keptTensors() - before.keptTensors())
                            .as("tensors held after " + calls + " calls")
                            .isEqualTo(calls == 0 ? 0 : HELD);
                }
                assertThat(NativeMemory.snapshot())
                        .as("closed after " + calls + " calls")
                        .isEqualTo(before);
            }
        }
    }

    @Test
    void leavesNothingBehindWhenALayerFails() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32)) {
            SiglipNetwork network = fixture.encoder.network();
            List<SiglipLayer> layers = new ArrayList<>(network.layers());
            layers.set(1, failing(layers.get(1)));
            SiglipEncoder encoder = new SiglipEncoder(
                    config,
                    new SiglipNetwork(
                            network.embedding(), layers, network.norm(), network.projection(), network.imageNorm()));
            Prepared prepared = ramps(encoder, config.imageSize());
            NativeMemory.Snapshot before = NativeMemory.snapshot();
            try (SiglipEncoding encoding = encoder.begin(prepared)) {
                for (int piece = 0; piece < 4; piece++) {
                    encoding.advance(); // patches, the first layer, what the second one shows
                }
                for (int attempt = 0; attempt < 2; attempt++) {
                    assertThatThrownBy(encoding::advance).hasMessage("no memory left");
                    assertThat(NativeMemory.snapshot().keptTensors() - before.keptTensors())
                            .isEqualTo(HELD);
                }
            }
            Leaks.assertNone(before);
        }
    }

    private static SiglipLayer failing(SiglipLayer layer) {
        return new SiglipLayer(
                layer.attentionNorm(),
                layer.query(),
                layer.key(),
                layer.value(),
                layer.output(),
                layer.heads(),
                layer.feedForwardNorm(),
                layer.wide(),
                layer.inner(),
                x -> {
                    throw new IllegalStateException("no memory left");
                });
    }

    @Test
    void featuresWaitForTheLastPiece() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32);
                Scope scope = Scope.open();
                SiglipEncoding encoding = fixture.encoder.begin(ramps(fixture.encoder, config.imageSize()))) {
            encoding.advance();
            assertThatIllegalStateException()
                    .isThrownBy(encoding::features)
                    .withMessageContainingAll("after 1 of " + (2 * config.layers() + 2), "call advance()");
        }
    }

    @Test
    void aClosedEncodingSaysSo() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32)) {
            SiglipEncoding encoding = fixture.encoder.begin(ramps(fixture.encoder, config.imageSize()));
            encoding.close();
            encoding.close();
            assertThatIllegalStateException().isThrownBy(encoding::advance).withMessageContaining("closed");
            assertThatIllegalStateException().isThrownBy(encoding::features).withMessageContaining("closed");
        }
    }

    /** Rounding to 8 bits in each layer; measured: 0.058 at most, 0.0086 in the mean. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5})
    void bfloat16IsClose(double ofTrainedSize) throws IOException {
        int size = (int) (config.imageSize() * ofTrainedSize);
        float[] exact = encode(DType.F32, size);
        float[] rounded = encode(DType.BF16, size);
        assertThat(Golden.maxDifference(rounded, exact)).isBetween(1e-4, 0.1);
        assertThat(Golden.meanDifference(rounded, exact)).isLessThan(0.02);
    }

    private float[] encode(DType dtype, int size) throws IOException {
        try (VisionFixture fixture = fixture(dtype);
                Scope scope = Scope.open();
                SiglipEncoding encoding = fixture.encoder.begin(ramps(fixture.encoder, size))) {
            Tensor features = finished(encoding);
            assertThat(features.dtype()).isEqualTo(dtype);
            return features.toFloats();
        }
    }

    @Test
    void picturesOfOnePatchToManyAreTaken() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32);
                Scope scope = Scope.open()) {
            int patch = config.patchSize();
            assertThat(fixture.encoder.defaultImageSize()).isEqualTo(config.imageSize());
            assertThat(fixture.encoder.tokens(config.imageSize())).isEqualTo(config.positions());
            assertThat(fixture.encoder.tokens(patch)).isEqualTo(1);
            assertThat(fixture.encoder.tokens(3 * patch - 1))
                    .as("the rest is dropped")
                    .isEqualTo(4);
            for (int size : new int[] {patch, 2 * patch - 1}) {
                try (SiglipEncoding encoding = fixture.encoder.begin(ramps(fixture.encoder, size))) {
                    assertThat(finished(encoding).size(1)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void sizesWithoutAPatchOrBeyondMemoryAreRefused() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32)) {
            SiglipEncoder encoder = fixture.encoder;
            Image picture = Image.encoded(Pictures.write("png"));
            for (int size : new int[] {Integer.MIN_VALUE, 0, config.patchSize() - 1, 1 << 20, Integer.MAX_VALUE}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> encoder.tokens(size))
                        .withMessageContainingAll(
                                size + " pixels",
                                config.patchSize() + " (one patch)",
                                config.imageSize() + ", which the encoder was trained with");
                assertThatIllegalArgumentException().isThrownBy(() -> encoder.prepare(picture, size, false));
                assertThatIllegalArgumentException().isThrownBy(() -> encoder.begin(new Prepared(new float[0], size)));
            }
        }
    }

    @Test
    void preparedPixelsMustFillTheirSize() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32)) {
            Prepared lying = new Prepared(new float[12], config.imageSize());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fixture.encoder.begin(lying))
                    .withMessageContainingAll("12 values", "expected 3 x " + config.imageSize(), "prepare");
        }
    }

    @Test
    void whatIsNoPictureIsRefusedWhenPrepared() throws IOException {
        try (VisionFixture fixture = fixture(DType.F32)) {
            Image noise = Image.encoded(new byte[100]);
            assertThatThrownBy(() -> fixture.encoder.prepare(noise, config.imageSize(), false))
                    .isInstanceOf(MediaException.class);
        }
    }

    /** The reference has no projection where the widths agree, so none is asked for; here only the norm is of the wrong width. */
    @Test
    void thereIsNoProjectionWhereTheWidthsAgree() {
        ModelConfig agreeing = VisionFixture.config(config, OptionalInt.of(config.hidden()));
        Path file = Golden.path("vision/model.safetensors");
        try (VisionFixture fixture = new VisionFixture(agreeing, file, DType.F32);
                Scope scope = Scope.open();
                SiglipEncoding encoding = fixture.encoder.begin(ramps(fixture.encoder, config.imageSize()))) {
            assertThat(fixture.encoder.network().projection()).isNull();
            assertThat(finished(encoding).shape()).isEqualTo(new long[] {1, config.positions(), config.hidden()});
        }
    }

    @Test
    void tensorsThatAreMissingAreReportedTogether() {
        Path file = Golden.path("mimi/tokenizer-tiny.safetensors"); // holds no encoder
        ModelConfig wanted = VisionFixture.config(config, OptionalInt.of(2 * config.hidden()));
        try (VisionFixture fixture = new VisionFixture(wanted, file, DType.BF16)) {
            assertThatThrownBy(() -> fixture.weights.verify(name -> true))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("patch_embedding.weight: missing, expected shape [" + config.hidden());
        }
    }

    @Test
    void aModelThatSeesNoImagesHasNoEncoder() throws IOException {
        ModelConfig blind = VisionFixture.config(config, OptionalInt.empty());
        try (VisionFixture fixture = fixture(DType.F32)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new SiglipProvider()
                            .load(fixture.weights.as(DType.F32).at("image"), blind, RmsNorm.Spec.VARIANCE_UNCAST))
                    .withMessageContaining("xa_dim");
        }
    }
}
