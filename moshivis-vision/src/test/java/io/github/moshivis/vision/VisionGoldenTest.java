package io.github.moshivis.vision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Tolerance;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.io.Image;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.plugin.tensor.ImageEncoder.Prepared;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The image path against the PyTorch reference: set {@code vision} of the golden data, whose README gives the tolerances. */
class VisionGoldenTest {
    /** The JDK decodes as libjpeg does. The golden README allows two levels to decoders that do otherwise. */
    private static final int JPEG_LEVELS = 2;

    /** Tight enough to tell the epsilon of the image norm, 1e-5, from the 1e-8 of the other norms. */
    private static final double FEATURES = 1.5e-5;

    private static final Map<String, Values> DECODED = Golden.tensors("vision/expected_decode.safetensors");
    private static final Map<String, Values> RESIZED = Golden.tensors("vision/expected_resize.safetensors");
    private static final Map<String, Values> INPUTS = Golden.tensors("vision/inputs.safetensors");
    private static final Map<String, Values> EXPECTED = Golden.tensors("vision/expected.safetensors");

    @TempDir
    Path scratch;

    static Set<String> decoded() {
        return DECODED.keySet();
    }

    static Set<String> resized() {
        return RESIZED.keySet();
    }

    /** {@code photo.png.56}: a file at a size. */
    static List<String> cases() {
        return named(EXPECTED, ".resized", name -> true);
    }

    static List<String> casesWithPixelValues() {
        return named(INPUTS, ".pixel_values", name -> !name.startsWith("random."));
    }

    static List<String> casesWithIntermediates() {
        return named(EXPECTED, ".embeddings", name -> true);
    }

    /** {@code random.42x63}: numbers of that height and width. */
    static List<String> random() {
        return named(INPUTS, ".pixel_values", name -> name.startsWith("random."));
    }

    /** {@code pos_embed.42x98}: a height and a width. */
    static List<String> positions() {
        return named(EXPECTED, "", name -> name.startsWith("pos_embed."));
    }

    private static List<String> named(Map<String, Values> tensors, String ending, Predicate<String> which) {
        return tensors.keySet().stream()
                .filter(name -> name.endsWith(ending) && which.test(name))
                .map(name -> name.substring(0, name.length() - ending.length()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("decoded")
    void picturesDecodeToTheReferencesPixels(String file) throws IOException {
        Values expected = DECODED.get(file);

        Image.Pixels pixels = ImageDecoder.decode(picture("vision/images/" + file));

        assertThat(new long[] {3, pixels.height(), pixels.width()}).isEqualTo(expected.shape());
        Golden.assertClose(file, planes(pixels), expected.floats(), file.endsWith(".jpg") ? JPEG_LEVELS : 0);
    }

    @ParameterizedTest
    @MethodSource("resized")
    void picturesResizeToTheReferencesPixels(String fileAndSize) throws IOException {
        Golden.assertClose(
                fileAndSize,
                planes(resizeAsNamed(fileAndSize)),
                RESIZED.get(fileAndSize).floats(),
                0);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decodedAndResizedPicturesAreTheEncodersCases(String fileAndSize) throws IOException {
        Golden.assertClose(
                fileAndSize,
                planes(resizeAsNamed(fileAndSize)),
                EXPECTED.get(fileAndSize + ".resized").floats(),
                fileAndSize.contains(".jpg.") ? JPEG_LEVELS : 0);
    }

    @ParameterizedTest
    @MethodSource("casesWithPixelValues")
    void pixelValuesAreTheReferences(String fileAndSize) {
        Golden.assertClose(
                fileAndSize,
                prepared(fileAndSize).pixels(),
                INPUTS.get(fileAndSize + ".pixel_values").floats(),
                Tolerance.PIXELS);
    }

    @ParameterizedTest
    @MethodSource("casesWithIntermediates")
    void eachLayerIsTheReferences(String fileAndSize) throws IOException {
        Prepared prepared = prepared(fileAndSize);
        try (VisionFixture fixture = VisionFixture.golden(scratch, DType.F32);
                Scope scope = Scope.open()) {
            SiglipNetwork network = fixture.encoder.network();
            Values pixels = new Values(new long[] {3, prepared.size(), prepared.size()}, prepared.pixels());
            Tensor x = network.embedding().forward(pixels.tensor());
            assertReference(fileAndSize + ".embeddings", x, Tolerance.VISION);
            for (int i = 0; i < network.layers().size(); i++) {
                x = through(network.layers().get(i), x);
                assertReference(fileAndSize + ".layer" + i, x, Tolerance.VISION);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatTheLanguageModelAttendsToIsTheReferences(String fileAndSize) throws IOException {
        Prepared prepared = prepared(fileAndSize);
        try (VisionFixture fixture = VisionFixture.golden(scratch, DType.F32);
                Scope scope = Scope.open();
                SiglipEncoding encoding = fixture.encoder.begin(prepared)) {
            Tensor features = finished(encoding);

            assertThat(features.size(1)).isEqualTo(fixture.encoder.tokens(prepared.size()));
            assertReference(fileAndSize + ".last_hidden_state", lastHidden(fixture, prepared), Tolerance.VISION);
            assertReference(fileAndSize + ".cross_attention_src", features, FEATURES);
            assertKeysAndValues(EXPECTED, fileAndSize + ".", fixture.keysAndValues(features));
        }
    }

    @ParameterizedTest
    @MethodSource("random")
    void picturesNeedNotBeSquare(String name) throws IOException {
        Values pixels = INPUTS.get(name + ".pixel_values"); // [1, 3, H, W]
        int height = (int) pixels.shape()[2];
        int width = (int) pixels.shape()[3];
        try (VisionFixture fixture = VisionFixture.golden(scratch, DType.F32);
                Scope scope = Scope.open();
                SiglipEncoding encoding = fixture.encoder.begin(pixels.floats(), height, width)) {
            assertReference(name + ".cross_attention_src", finished(encoding), FEATURES);
            Tensor hidden = lastHidden(fixture, pixels.row(0).tensor());
            assertReference(name + ".last_hidden_state", hidden, Tolerance.VISION);
        }
    }

    @ParameterizedTest
    @MethodSource("positions")
    void positionsResampleAsTheReferencesDo(String name) throws IOException {
        String[] sides = name.substring(name.indexOf('.') + 1).split("x");
        try (VisionFixture fixture = VisionFixture.golden(scratch, DType.F32);
                Scope scope = Scope.open()) {
            PatchEmbedding embedding = fixture.encoder.network().embedding();
            long patch = embedding.weight().size(-1);
            Tensor positions = embedding.positions(Long.parseLong(sides[0]) / patch, Long.parseLong(sides[1]) / patch);
            assertReference(name, positions, Tolerance.VISION);
        }
    }

    /** Golden set e2e: from a file to keys and values with the model as a user has it. */
    @Test
    void aPictureFileBecomesTheReferencesKeysAndValues() throws IOException {
        Map<String, Values> expected = Golden.tensors("e2e/expected_image.safetensors");
        ModelConfig config = ModelDirectory.read(Golden.path("e2e/model")).config();
        int size = Golden.json("e2e/run.json").get("image_size").asInt();
        try (VisionFixture fixture = new VisionFixture(config, Golden.path("e2e/model/model.safetensors"), DType.F32);
                Scope scope = Scope.open()) {
            Prepared prepared = fixture.encoder.prepare(picture("e2e/input.png"), size, false);
            Golden.assertClose(
                    "pixel_values",
                    prepared.pixels(),
                    expected.get("pixel_values").floats(),
                    Tolerance.PIXELS);
            try (SiglipEncoding encoding = fixture.encoder.begin(prepared)) {
                Tensor features = finished(encoding);
                Values source = expected.get("cross_attention_src");
                Golden.assertClose("cross_attention_src", features.toFloats(), source.floats(), FEATURES);
                assertKeysAndValues(expected, "", fixture.keysAndValues(features));
            }
        }
    }

    private static Tensor finished(SiglipEncoding encoding) {
        while (encoding.advance()) {}
        return encoding.features();
    }

    private static Tensor lastHidden(VisionFixture fixture, Prepared prepared) {
        Values pixels = new Values(new long[] {3, prepared.size(), prepared.size()}, prepared.pixels());
        return lastHidden(fixture, pixels.tensor());
    }

    private static Tensor lastHidden(VisionFixture fixture, Tensor pixels) {
        SiglipNetwork network = fixture.encoder.network();
        Tensor x = network.embedding().forward(pixels);
        for (SiglipLayer layer : network.layers()) {
            x = through(layer, x);
        }
        return network.norm().forward(x);
    }

    /** All tokens at once. */
    private static Tensor through(SiglipLayer layer, Tensor x) {
        Tensor keys = Tensor.empty(x.dtype(), Device.CPU, x.shape());
        Tensor values = Tensor.empty(x.dtype(), Device.CPU, x.shape());
        layer.keysAndValues(x, keys, values);
        return layer.forward(x, keys, values);
    }

    private static void assertReference(String name, Tensor actual, double tolerance) {
        assertThat(actual.shape()).as(name).isEqualTo(EXPECTED.get(name).shape());
        Golden.assertClose(name, actual.toFloats(), EXPECTED.get(name).floats(), tolerance);
    }

    private static void assertKeysAndValues(Map<String, Values> expected, String prefix, Tensor both) {
        long dim = both.size(-1) / 2;
        float[] keys = both.narrow(-1, 0, dim).toFloats();
        float[] values = both.narrow(-1, dim, dim).toFloats();
        Golden.assertClose(prefix + "k", keys, expected.get(prefix + "k").floats(), Tolerance.VISION);
        Golden.assertClose(prefix + "v", values, expected.get(prefix + "v").floats(), Tolerance.VISION);
    }

    private static Image picture(String file) throws IOException {
        return Image.read(Golden.path(file)).ignoringOrientation();
    }

    /** {@code photo.png.56}: the file, resized to 56 x 56. */
    private static Image.Pixels resizeAsNamed(String fileAndSize) throws IOException {
        int dot = fileAndSize.lastIndexOf('.');
        int size = Integer.parseInt(fileAndSize.substring(dot + 1));
        Image picture = picture("vision/images/" + fileAndSize.substring(0, dot));
        return BicubicResize.resize(ImageDecoder.decode(picture), size, size);
    }

    /** The reference's own resized pixels, normalized, so that a JPEG decoder's levels do not matter. */
    private static Prepared prepared(String fileAndSize) {
        Values planes = EXPECTED.get(fileAndSize + ".resized"); // [3, H, W]
        int plane = planes.floats().length / 3;
        byte[] rgb = new byte[3 * plane];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) planes.floats()[i % 3 * plane + i / 3];
        }
        int size = (int) planes.shape()[1];
        return new Prepared(PixelValues.of(new Image.Pixels(size, size, rgb)), size);
    }

    /** [H, W, 3] -> [3, H, W]. */
    private static float[] planes(Image.Pixels pixels) {
        int plane = pixels.width() * pixels.height();
        float[] planes = new float[3 * plane];
        for (int i = 0; i < planes.length; i++) {
            planes[i % 3 * plane + i / 3] = pixels.rgb()[i] & 0xFF;
        }
        return planes;
    }
}
