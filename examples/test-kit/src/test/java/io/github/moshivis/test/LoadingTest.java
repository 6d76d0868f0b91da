package io.github.moshivis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.io.ProgressListener.Progress;
import io.github.moshivis.io.ProgressListener.State;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Precision;
import io.github.moshivis.load.Quantization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The progress of loading from disk, and the getters of a model. */
class LoadingTest {
    private final List<Progress> heard = new ArrayList<>();
    private final LoadOptions options = LoadOptions.defaults().progress(heard::add);

    private void assertThatAllBytesWereRead() {
        assertThat(heard).extracting(Progress::name).containsOnly("loading model.safetensors");
        assertThat(heard).extracting(Progress::done).isSorted();
        Progress first = heard.get(0);
        assertThat(first.done()).isZero();
        assertThat(first.total()).isPositive();
        assertThat(heard.subList(0, heard.size() - 1))
                .extracting(Progress::state)
                .containsOnly(State.RUNNING);
        Progress last = heard.get(heard.size() - 1);
        assertThat(last.state()).isEqualTo(State.DONE);
        assertThat(last.done()).isEqualTo(last.total());
    }

    @Test
    void loadingTellsHowFarItIs() {
        ToyModel.load(options).close();
        assertThatAllBytesWereRead();
    }

    @Test
    void quantizingTellsHowFarItIs() {
        ToyModel.load(options.quantization(Quantization.Q8)).close();
        assertThatAllBytesWereRead();
    }

    @Test
    void aModelThatCannotBeLoadedIsRefusedBeforeLoadingBegins(@TempDir Path directory) throws IOException {
        try (var files = Files.list(ToyModel.directory())) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        Path weights = directory.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        String renamed = new String(bytes, StandardCharsets.ISO_8859_1).replaceFirst("text_emb", "text_xyz");
        Files.write(weights, renamed.getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> MoshiVis.load(directory, options)).isInstanceOf(CheckpointException.class);

        assertThat(heard).isEmpty();
    }

    @Test
    void aModelTellsWhatItWasLoadedWith() {
        LoadOptions chosen = LoadOptions.defaults()
                .precision(Precision.F32)
                .maxConversations(3)
                .threads(1)
                .token("secret");
        try (MoshiVis model = ToyModel.load(chosen)) {
            assertThat(model.options()).isSameAs(chosen);
            assertThat(model)
                    .hasToString("MoshiVis[LoadOptions[device=CPU, quantization=none, maxConversations=3, threads=1,"
                            + " precision=F32]]");
            assertThat(model.freeSlots()).isEqualTo(3);
            assertThat(MoshiVis.tensorBytes()).isGreaterThan(1_000_000);
            model.close();
            assertThat(model).asString().startsWith("MoshiVis[closed, ");
        }
    }
}
