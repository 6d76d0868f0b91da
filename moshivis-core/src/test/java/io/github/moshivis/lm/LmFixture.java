package io.github.moshivis.lm;

import io.github.moshivis.Golden;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.weights.Adapter;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.names.PytorchNames;

/** The language model of the golden set lm. */
final class LmFixture implements AutoCloseable {
    final Weights weights;
    final LanguageModel model;
    final LmConfig config;

    LmFixture(LmConfig config, DType dtype) {
        this(config, dtype, null);
    }

    /** With an adapter, which the fixture closes; null for none. */
    LmFixture(LmConfig config, DType dtype, Adapter adapter) {
        this.config = config;
        weights = new Weights(
                SafetensorsFile.open(Golden.path("lm/model.safetensors")),
                PytorchNames.table(config.modelCodebooks()),
                Device.CPU,
                adapter);
        model = LanguageModelLoader.load(weights.as(dtype), config, RmsNorm.Spec.VARIANCE);
        weights.verify(name -> name.startsWith("image_prefix."));
    }

    @Override
    public void close() {
        weights.close();
    }
}
