package io.github.moshivis.weights.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.weights.WeightPlan;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables in the direction in which files are written: they name the very tensors of the golden files. */
class FormatTablesTest {
    private static final int CODEBOOKS = 8;

    @ParameterizedTest
    @CsvSource({"candle-bf16,fused", "candle-q8,split", "mlx-bf16,mlx"})
    void nameTheTensorsOfTheGoldenFiles(String form, String table, @TempDir Path scratch) throws IOException {
        LmConfig config = Golden.config("lm", scratch).lm();
        TensorNames names =
                switch (table) {
                    case "fused" -> CandleNames.fused(config.modelCodebooks());
                    case "split" -> CandleNames.split(config.modelCodebooks());
                    default -> MlxNames.table(config.modelCodebooks());
                };
        WeightPlan plan =
                WeightPlan.of(weights -> LanguageModelLoader.load(weights, config, RmsNorm.Spec.MEAN_OF_SQUARES));
        String path = Golden.json("formats/config.json").get("files").get(form).asText();
        try (TensorFile file = LanguageModelFiles.open(Golden.path("formats/" + path))) {
            Set<String> language = file.tensors().keySet().stream()
                    .filter(name -> !names.isUnder("image.", name))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> planned = new TreeSet<>();
            plan.inFile(names, StoredType.BF16).values().forEach(spec -> {
                planned.add(spec.name());
                assertThat(spec.shape())
                        .as(spec.name())
                        .isEqualTo(file.tensors().get(spec.name()).shape());
            });
            assertThat(planned).isEqualTo(language);
        }
    }

    @Test
    void knowWhatIsToBeIgnored() {
        TensorNames candle = CandleNames.fused(CODEBOOKS);
        assertThat(candle.isSpare("depformer.8.linear_in.weight")).isTrue();
        assertThat(candle.isSpare("depformer.31.transformer.layers.0.norm1.alpha"))
                .isTrue();
        assertThat(candle.isSpare("depformer.7.linear_in.weight")).isFalse();
        assertThat(candle.isSpare("emb.8.weight")).isFalse();
        TensorNames mlx = MlxNames.table(CODEBOOKS);
        assertThat(mlx.isSpare("depformer.slices.8.emb.scales")).isTrue();
        assertThat(mlx.isSpare("transformer.layers.1.cross_attention.mha.kv_proj.scales"))
                .isTrue();
        assertThat(mlx.isSpare("transformer.layers.0.cross_attention.mha.kv_proj.scales"))
                .isFalse();
        assertThat(mlx.isSpare("transformer.layers.1.cross_attention.gate.alpha.layers.0.weight"))
                .isFalse();
    }

    @Test
    void tellTheImagePart() {
        TensorNames mlx = MlxNames.table(CODEBOOKS);
        assertThat(mlx.isUnder("image.", "img_embedder.model.encoder.layers.0.mlp.fc1.weight"))
                .isTrue();
        assertThat(mlx.isUnder("image.", "transformer.image_prefix.proj_xa.weight"))
                .isTrue();
        assertThat(mlx.isUnder("image.", "text_emb.weight")).isFalse();
        assertThat(mlx.isUnder("depth.", "depformer.slices.3.emb.weight")).isTrue();
        assertThat(TensorNames.SAME.isUnder("image.", "image.norm")).isTrue();
    }
}
