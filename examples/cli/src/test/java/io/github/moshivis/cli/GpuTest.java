package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.Checkpoint.Size;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole conversations of the tiny random model on a GPU; see docs/gpu.md. */
@Tag("gpu")
class GpuTest {
    private static final Path PICTURE =
            Path.of(System.getProperty("golden.dir")).resolve("e2e/input.png");

    /** More than its attention window. */
    private static final int FRAMES = 150;

    @TempDir
    Path directory;

    @BeforeEach
    void write() {
        Checkpoint.random(Size.TINY, 1, directory);
    }

    private static LoadOptions gpu() {
        return LoadOptions.defaults().cuda(0).maxConversations(2);
    }

    /** Tokens, bits of the gate and of the samples, frame by frame; a second conversation comes and goes. */
    private List<List<Object>> talk(LoadOptions options, boolean greedy) {
        Random noise = new Random(5);
        List<List<Object>> said = new ArrayList<>();
        try (MoshiVis model = MoshiVis.load(directory, options)) {
            SessionOptions wanted = model.session(PICTURE).seed(7);
            try (Session session = (greedy ? wanted.greedy() : wanted).open()) {
                Session other = null;
                for (int frame = 0; frame < FRAMES; frame++) {
                    if (frame % 40 == 20) {
                        other = model.session().seed(frame).open();
                    }
                    if (other != null) {
                        other.step(new float[Session.FRAME_SAMPLES]);
                    }
                    if (frame % 40 == 39) {
                        other.close();
                        other = null;
                    }
                    said.add(session.step(sound(noise))
                            .output()
                            .map(GpuTest::bits)
                            .orElse(List.of()));
                }
            }
        }
        return said;
    }

    private static float[] sound(Random noise) {
        float[] samples = new float[Session.FRAME_SAMPLES];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.2 * noise.nextGaussian());
        }
        return samples;
    }

    private static List<Object> bits(Reply.Output output) {
        List<Object> bits = new ArrayList<>(tokens(output));
        bits.add(output.text().gateWeight());
        for (float sample : output.pcm()) {
            bits.add(sample);
        }
        return bits;
    }

    private static List<Integer> tokens(Reply.Output output) {
        List<Integer> tokens = new ArrayList<>();
        tokens.add(output.text().token());
        for (int token : output.audioTokens()) {
            tokens.add(token);
        }
        return tokens;
    }

    @Test
    void replayedTicksSayBitForBitWhatTheSameOperatorsSayOneByOne() {
        for (Precision precision : Precision.values()) {
            for (boolean greedy : new boolean[] {true, false}) {
                LoadOptions options = gpu().precision(precision);
                assertThat(talk(options, greedy))
                        .as(precision + (greedy ? " greedy" : " sampled"))
                        .isEqualTo(talk(options.cudaGraphs(false), greedy));
            }
        }
    }

    /** Rounding differs, so that sooner or later another token is the most likely; not at once. */
    @Test
    void theFirstTokensAreThoseOfTheCpu() {
        LoadOptions cpu = LoadOptions.defaults().cpu().maxConversations(2).precision(Precision.F32);
        List<List<Object>> expected = talk(cpu, true).subList(0, 10);
        List<List<Object>> found = talk(gpu().precision(Precision.F32), true).subList(0, 10);
        for (int frame = 0; frame < expected.size(); frame++) {
            int tokens = Math.min(9, expected.get(frame).size());
            assertThat(found.get(frame).subList(0, tokens))
                    .as("frame " + frame)
                    .isEqualTo(expected.get(frame).subList(0, tokens));
        }
    }
}
