package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.PlainMoshi;
import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.layout.ModelLayout.Companion;
import io.github.moshivis.load.LoadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Moshi as {@code nu-dialogue/j-moshi} publishes one: weights, codec and tokenizer without a {@value ModelLayout#MOSHI_CONFIG}. The
 * copy is small; the sizes of its codec stand beside it, as no small codec is published.
 */
class MoshiWithoutConfigurationTest {
    private static final int CODEBOOKS = 8;
    private static final int FRAMES = 6;

    @TempDir
    Path directory;

    private List<List<Integer>> answers() {
        List<List<Integer>> answers = new ArrayList<>();
        LoadOptions options = LoadOptions.defaults().threads(1).withoutTokenizer();
        try (MoshiVis model = MoshiVis.load(directory, options);
                Session session = model.session().greedy().open()) {
            for (int i = 0; i < FRAMES; i++) {
                float[] frame = new float[Session.FRAME_SAMPLES];
                Arrays.fill(frame, 0.1f * i);
                session.step(frame).output().ifPresent(output -> answers.add(tokens(output)));
            }
        }
        return answers;
    }

    private static List<Integer> tokens(Reply.Output output) {
        List<Integer> tokens = new ArrayList<>(List.of(output.text().token()));
        for (int code : output.audioTokens()) {
            tokens.add(code);
        }
        return tokens;
    }

    @Test
    void itSaysWhatItSaysWithAConfigurationOfTheSameSizes() throws IOException {
        PlainMoshi.write(Golden.path("lm/model.safetensors"), directory.resolve(ModelLayout.LM), false, CODEBOOKS);
        for (String name : List.of(Companion.MIMI.released(), ModelLayout.MIMI_CONFIG)) {
            Files.copy(Golden.path("e2e/model/" + name), directory.resolve(name));
        }

        List<List<Integer>> bare = answers();

        Files.writeString(
                directory.resolve(ModelLayout.MOSHI_CONFIG),
                """
                {"dim": 64, "num_heads": 32, "num_layers": 3, "hidden_scale": 4.5, "text_card": 120, "card": 64, "n_q": 16,
                 "dep_q": 8, "depformer_dim": 32, "depformer_num_heads": 16, "depformer_num_layers": 2,
                 "depformer_dim_feedforward": 96, "context": 3000, "model_type": "moshi"}
                """);
        assertThat(bare).hasSize(FRAMES - 1).isEqualTo(answers());
    }
}
