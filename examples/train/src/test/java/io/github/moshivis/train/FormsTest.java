package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.train.model.DelayedCodes;
import io.github.moshivis.train.model.DialogueLoss;
import io.github.moshivis.train.model.LanguageSequence;
import io.github.moshivis.train.model.LossWeights;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.Recomputation;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.CheckpointFormat;
import io.github.moshivis.weights.names.LanguageModelFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model is trained in whatever form it has, as long as its tensors are plain numbers: the golden set {@code formats}. */
class FormsTest {
    private static final int STEPS = 9;

    @TempDir
    private Path scratch;

    private float loss(String file) throws IOException {
        LmConfig config = Golden.config("lm", scratch).lm();
        Random random = new Random(8);
        long[][][] codes = new long[2][config.streams()][STEPS];
        for (long[][] row : codes) {
            for (int stream = 0; stream < row.length; stream++) {
                int card = stream == 0 ? config.textCard() : config.audioCard();
                row[stream] = random.longs(STEPS, 0, card).toArray();
            }
        }
        TensorFile open = LanguageModelFiles.open(Golden.path(file));
        CheckpointFormat format = CheckpointFormat.require(open);
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = Parameters.read(
                        open,
                        format.table(config.modelCodebooks(), open.tensors().keySet()),
                        Device.CPU)) {
            LanguageSequence model = new LanguageSequence(parameters, null, config, RmsNorm.Spec.VARIANCE, DType.F32);
            parameters.train(name -> true);
            assertThat(parameters.trained()).isNotEmpty();
            return DialogueLoss.of(
                            model,
                            new DelayedCodes(codes, config),
                            null,
                            new LossWeights(1, 1),
                            Device.CPU,
                            new Recomputation(false))
                    .total()
                    .toFloats()[0];
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"candle-bf16", "mlx-bf16"})
    void otherFormsHaveTheSameLoss(String form) throws IOException {
        assertThat(loss("formats/" + form + "/model.safetensors"))
                .isCloseTo(loss("lm/model.safetensors"), within(1e-5f));
    }

    @Test
    void quantizedTensorsAreRefusedByName() {
        String file =
                Golden.json("formats/config.json").get("files").get("candle-q8").asText();
        assertThatThrownBy(() -> loss("formats/" + file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("Q8_0")
                .hasMessageContaining("before it was quantized");
    }
}
