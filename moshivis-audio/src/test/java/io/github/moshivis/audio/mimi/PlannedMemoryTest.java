package io.github.moshivis.audio.mimi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.load.CodecWeights;
import io.github.moshivis.loading.OptionForms;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.weights.MeasuredWeights;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.TensorNames;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory that a plan states before the codec is read is the memory that it takes. */
class PlannedMemoryTest {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @EnumSource(CodecWeights.class)
    void planSaysTheMemoryOfEveryForm(CodecWeights form) throws IOException {
        MimiConfig config = Golden.mimiConfig(scratch);
        SpeechCodec.Forms both = OptionForms.codec(form);
        for (SpeechCodec.Forms forms : new SpeechCodec.Forms[] {both, both.encoderOnly()}) {
            TensorFile file = SafetensorsFile.open(MimiFixture.checkpoint());
            try (Weights weights = new Weights(file, TensorNames.SAME, Device.CPU)) {
                long copied = MeasuredWeights.assertPlanned(
                        form + (forms.decodes() ? "" : ", encoder alone"),
                        weights,
                        file,
                        DType.F32,
                        reader -> new MimiProvider().load(reader, forms, config, MimiFixture.codebooks()));
                assertThat(copied).isPositive();
            }
        }
    }
}
