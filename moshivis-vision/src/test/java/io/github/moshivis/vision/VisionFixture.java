package io.github.moshivis.vision;

import io.github.moshivis.Golden;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.VisionConfig;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.names.PytorchNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.ServiceLoader;

/** An image encoder over a file of weights, found as core finds it, and the language model's map to keys and values. */
final class VisionFixture implements AutoCloseable {
    static final ImageEncoder.Provider PROVIDER =
            ServiceLoader.load(ImageEncoder.Provider.class).findFirst().orElseThrow();

    final SiglipEncoder encoder;
    final Weights weights;
    private final Linear keyValue;

    VisionFixture(ModelConfig config, Path file, DType dtype) {
        weights = new Weights(
                SafetensorsFile.open(file), PytorchNames.table(config.lm().modelCodebooks()), Device.CPU);
        encoder = (SiglipEncoder) PROVIDER.load(weights.as(dtype).at("image"), config, RmsNorm.Spec.VARIANCE_UNCAST);
        int dim = config.lm().imageDim().orElseThrow();
        keyValue = weights.as(dtype).at("cross").linear("keyValue", 2L * dim, dim);
    }

    /** The golden set vision. */
    static VisionFixture golden(Path scratch, DType dtype) throws IOException {
        return new VisionFixture(goldenConfig(scratch), Golden.path("vision/model.safetensors"), dtype);
    }

    /** The sizes of the golden set vision. */
    static ModelConfig goldenConfig(Path scratch) throws IOException {
        VisionConfig vision = Golden.config("vision", scratch).vision();
        int dim = Golden.json("vision/config.json").get("dim").asInt();
        return config(vision, OptionalInt.of(dim));
    }

    /** The released model but for its image side; without a width it sees no images. */
    static ModelConfig config(VisionConfig vision, OptionalInt imageDim) {
        return new ModelConfig(LmConfig.MOSHIKA_VIS.imageDim(imageDim), MimiConfig.MIMI_V0_1, vision);
    }

    /** What the language model makes of a picture. [1, N, D] -> [1, N, 2D], keys first. */
    Tensor keysAndValues(Tensor features) {
        return keyValue.forward(features);
    }

    @Override
    public void close() {
        weights.close();
    }
}
