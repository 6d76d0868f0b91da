package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.load.LoadOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With a fixed batch, a conversation of the whole model, codec included, is the same in every slot, bit for bit. */
class FixedBatchTest {
    private static final int FRAMES = 6;

    @ParameterizedTest(name = "{0} threads, {1} rows")
    @CsvSource({"1, 2", "1, 3", "1, 4", "2, 2", "2, 3"})
    void theSlotDoesNotMatter(int threads, int rows) {
        LoadOptions options =
                LoadOptions.defaults().threads(threads).maxConversations(rows).fixedBatch(rows);
        List<Session> held = new ArrayList<>();
        try (MoshiVis model = MoshiVis.load(Cli.MODEL, options)) {
            List<String> first = conversation(model);
            for (int slot = 1; slot < rows; slot++) {
                held.add(model.session().open()); // the lowest free slot
                assertThat(conversation(model)).as("slot " + slot).isEqualTo(first);
            }
            assertThat(first).hasSizeGreaterThan(1).doesNotHaveDuplicates();
            held.forEach(Session::close);
        }
    }

    private static List<String> conversation(MoshiVis model) {
        List<String> said = new ArrayList<>();
        Random noise = new Random(1);
        try (Session session = model.session().seed(3).open()) {
            for (int i = 0; i < FRAMES; i++) {
                float[] frame = new float[Session.FRAME_SAMPLES];
                for (int k = 0; k < frame.length; k++) {
                    frame[k] = 0.2f * (noise.nextFloat() - 0.5f);
                }
                session.step(frame)
                        .output()
                        .ifPresent(output -> said.add(output.text().token()
                                + Arrays.toString(output.audioTokens())
                                + Arrays.toString(output.pcm())));
            }
        }
        return said;
    }
}
