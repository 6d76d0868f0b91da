package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.moshivis.ImageFeatures;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.PartOfModel;
import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.LoadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model without image encoder and tokenizer does what it can do without them, and says what is missing for the rest. */
class IncompleteModelTest {
    private static final String TOKENIZER = "tokenizer_spm_32k_3.model";
    private static final LoadOptions WITHOUT = LoadOptions.defaults().withoutTokenizer();

    @TempDir
    static Path part;

    @BeforeAll
    static void copy() throws IOException {
        PartOfModel.withoutVisionAndText(Cli.MODEL, part);
    }

    private static List<Integer> tokens(SessionOptions options) {
        List<Integer> tokens = new ArrayList<>();
        Random random = new Random(3);
        try (Session session = options.greedy().open()) {
            for (int step = 0; step < 12; step++) {
                float[] frame = new float[Session.FRAME_SAMPLES];
                for (int i = 0; i < frame.length; i++) {
                    frame[i] = 0.1f * (float) random.nextGaussian();
                }
                Reply reply = session.step(frame);
                reply.output().ifPresent(output -> {
                    tokens.add(output.text().token());
                    Arrays.stream(output.audioTokens()).forEach(tokens::add);
                });
            }
        }
        return tokens;
    }

    private static Image features(ImageFeatures sizes, int count, int width) {
        Random random = new Random(4);
        float[] values = new float[count * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Image.features(count, values);
    }

    @Test
    void itTalksAndLooksAtFeaturesAsTheWholeModelDoes() {
        try (MoshiVis incomplete = MoshiVis.load(part, WITHOUT);
                MoshiVis whole = MoshiVis.load(Cli.MODEL)) {
            ImageFeatures sizes = whole.imageFeatures().orElseThrow();
            assertThat(incomplete.imageFeatures()).contains(sizes);
            Image picture = features(sizes, sizes.maxTokens(), sizes.width());

            List<Integer> blind = tokens(incomplete.session());
            List<Integer> seeing = tokens(incomplete.session(picture));

            assertThat(blind).isEqualTo(tokens(whole.session()));
            assertThat(seeing).isEqualTo(tokens(whole.session(picture))).isNotEqualTo(blind);
        }
    }

    @Test
    void aPictureThatNeedsTheEncoderIsRefusedWithItsFile() {
        try (MoshiVis model = MoshiVis.load(part, WITHOUT)) {
            Image picture = Image.rgb(1, 1, new byte[3]);
            assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(() -> model.session(picture).open())
                    .withMessageContainingAll(
                            "no image encoder",
                            part.resolve("model.safetensors").toString(),
                            "Image.features");
            try (Session session = model.session().open()) {
                assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> session.image(picture));
                assertThat(session.step(new float[Session.FRAME_SAMPLES]).imageUsed())
                        .isFalse();
            }
        }
    }

    @Test
    void featuresThatDoNotFitAreRefused() {
        try (MoshiVis model = MoshiVis.load(part, WITHOUT)) {
            ImageFeatures sizes = model.imageFeatures().orElseThrow();
            Image narrow = features(sizes, 2, sizes.width() - 1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.session(narrow).open())
                    .withMessageContainingAll((sizes.width() - 1) + " values", "expected " + sizes.width());
            int tooMany = sizes.maxTokens() + 1;
            Image large = features(sizes, tooMany, sizes.width());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.session(large).open())
                    .withMessageContaining("LoadOptions.maxImageTokens(" + tooMany + ")");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Image.features(3, new float[10]))
                .withMessageContainingAll("3 tokens", "10 values");
        assertThatIllegalArgumentException().isThrownBy(() -> Image.features(0, new float[0]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadOptions.defaults().maxImageTokens(0));
    }

    @Test
    void roomForMoreTokensCanBeMade() {
        try (MoshiVis model = MoshiVis.load(part, WITHOUT.maxImageTokens(1234))) {
            ImageFeatures sizes = model.imageFeatures().orElseThrow();
            assertThat(sizes.maxTokens()).isEqualTo(1234);
            assertThat(tokens(model.session(features(sizes, 1234, sizes.width()))))
                    .isNotEmpty();
        }
    }

    @Test
    void withoutTokenizerPiecesHaveTokensOnlyAndOnlyIfThatWasAskedFor() {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> MoshiVis.load(part))
                .withMessageContainingAll("text tokenizer", TOKENIZER, "LoadOptions.withoutTokenizer");
        try (MoshiVis model = MoshiVis.load(part, WITHOUT);
                Session session = model.session().open()) {
            session.step(new float[Session.FRAME_SAMPLES]);
            Reply.Output output =
                    session.step(new float[Session.FRAME_SAMPLES]).output().orElseThrow();
            assertThat(output.text().token()).isNotNegative();
            assertThat(output.text().text()).isEmpty();
        }
    }

    @Test
    void theCommandLineSaysSoToo() throws IOException {
        Cli.Outcome mute = Cli.run("run", "--model", part, "--no-image", "--out", part.resolve("answer.wav"));
        assertThat(mute.exitCode()).isEqualTo(2);
        assertThat(mute.err()).contains("text tokenizer");
        Path tokenizer = Files.copy(Cli.MODEL.resolve(TOKENIZER), part.resolve("other.model"));
        Cli.Outcome blind =
                Cli.run("run", "--model", part, "--tokenizer", tokenizer, "--out", part.resolve("answer.wav"));
        assertThat(blind.exitCode()).isEqualTo(2);
        assertThat(blind.err()).contains("no image encoder", "talk without a picture");
    }
}
