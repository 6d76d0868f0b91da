package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.github.moshivis.Golden;
import io.github.moshivis.train.tune.StepReport;
import io.github.moshivis.train.tune.TeacherForcing;
import io.github.moshivis.train.tune.Tuning;
import io.github.moshivis.train.tune.TuningFile;
import io.github.moshivis.train.tune.TuningSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions before training: token by token what the first step of a run reports as a whole. */
class TeacherForcingTest {
    private static final double PADDING_WEIGHT = 0.5;
    private static final double FIRST_CODEBOOK = 10;

    @TempDir
    private Path directory;

    private TuningSettings settings() throws IOException {
        Path data = RecordedDialogues.write(directory.resolve("data"), 3, 1.6);
        Path yaml = directory.resolve("run.yaml");
        Files.writeString(
                yaml,
                """
                data: {train_data: '%s'}
                moshi_paths: {moshi_path: '%s'}
                run_dir: '%s'
                duration_sec: 1.6
                batch_size: 3
                max_steps: 1
                text_padding_weight: %s
                first_codebook_weight_multiplier: %s
                param_dtype: float32
                do_ckpt: false
                vision: {enable: true}
                """
                        .formatted(
                                data,
                                Golden.path("e2e/model"),
                                directory.resolve("run"),
                                PADDING_WEIGHT,
                                FIRST_CODEBOOK));
        return TuningFile.read(yaml);
    }

    @Test
    void partsMakeUpTheLossOfTheFirstStep() throws IOException {
        TuningSettings settings = settings();
        TeacherForcing.Report report = new TeacherForcing(settings).measure(3);
        List<StepReport> steps = new ArrayList<>();
        new Tuning(settings, steps::add).run();

        double text = 0;
        double weights = 0;
        for (TeacherForcing.Part part : List.of(report.words(), report.ends(), report.padding())) {
            double weight = (part == report.words() ? 1 : PADDING_WEIGHT) * part.count();
            text += weight * part.loss();
            weights += weight;
            assertThat(part.right()).isBetween(0.0, 1.0);
        }
        assertThat(report.words().count()).isPositive();
        assertThat(report.words().count()
                        + report.ends().count()
                        + report.padding().count())
                .isEqualTo(3 * 20);
        assertThat(text / weights).isCloseTo(steps.get(0).textLoss(), offset(1e-4));

        double audio = 0;
        double codes = 0;
        for (int k = 0; k < report.codebooks().size(); k++) {
            TeacherForcing.Part part = report.codebooks().get(k);
            double weight = (k == 0 ? FIRST_CODEBOOK : 1) * part.count();
            audio += weight * part.loss();
            codes += weight;
        }
        assertThat(audio / codes).isCloseTo(steps.get(0).audioLoss(), offset(1e-4));
    }

    @Test
    void noMoreStretchesAreReadThanAskedFor() throws IOException {
        TeacherForcing.Report report = new TeacherForcing(settings()).measure(1);
        assertThat(report.words().count()
                        + report.ends().count()
                        + report.padding().count())
                .isEqualTo(20);
    }
}
