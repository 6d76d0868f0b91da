package io.github.moshivis.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.load.BundledModel;
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
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spoken talks are written, and the bundled model learns from them. */
@Tag("stress")
class TalkTrainingTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void findSpeech() {
        Speech.assumeInstalled();
    }

    @Test
    void wordsStandWhereTheModelSpeaks() throws IOException {
        new TalkWriter(TalkDomain.NANO, 8, 4).write(directory, 1);
        JsonNode words = new ObjectMapper()
                .readTree(directory.resolve("00000.json").toFile())
                .get("alignments");
        float[][] channels = WavFile.channels(directory.resolve("00000.wav"), 0, 8);
        assertThat(words).isNotEmpty();
        for (JsonNode word : words) {
            int start = (int) (word.get(1).get(0).doubleValue() * 24_000);
            int end = (int) (word.get(1).get(1).doubleValue() * 24_000);
            assertThat(loudest(channels[0], start, end)).as(word.toString()).isGreaterThan(0.01f);
            assertThat(loudest(channels[1], start, end)).as(word.toString()).isZero();
        }
    }

    private static float loudest(float[] samples, int from, int to) {
        float loudest = 0;
        for (int i = from; i < to; i++) {
            loudest = Math.max(loudest, Math.abs(samples[i]));
        }
        return loudest;
    }

    private TuningSettings settings(TalkDomain domain, String target) throws IOException {
        Path talks = new TalkWriter(domain, 8, 1).write(directory.resolve("talks"), 4);
        Path yaml = directory.resolve("run.yaml");
        Files.writeString(
                yaml,
                """
                data: {train_data: '%s'}
                moshi_paths: {moshi_path: '%s'}
                run_dir: '%s'
                duration_sec: 8
                batch_size: 4
                max_steps: 8
                param_dtype: float32
                do_ckpt: false
                %s
                optim: {lr: 3e-3, pct_start: 0.3}
                """
                        .formatted(talks, BundledModel.nano().directory(), directory.resolve("run"), target));
        return TuningFile.read(yaml);
    }

    @Test
    void theBundledModelSaysKnownTalksWordForWord() throws IOException {
        TeacherForcing.Report report =
                new TeacherForcing(settings(TalkDomain.NANO, "vision: {enable: true}")).measure(4);
        assertThat(report.words().count()).isGreaterThan(20);
        assertThat(report.words().right()).as("words at their frames").isGreaterThan(0.9);
        assertThat(report.ends().right()).isGreaterThan(0.95);
        assertThat(report.codebooks()).hasSize(8);
        assertThat(report.codebooks().get(0).right()).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vision: {enable: true}", "lora: {enable: true, rank: 8}"})
    void theBundledModelLearnsFromTalks(String target) throws IOException {
        List<StepReport> reports = new ArrayList<>();
        new Tuning(settings(TalkDomain.of(Optional.of("picture"), Manner.BRIEF), target), reports::add).run();
        assertThat(reports).hasSize(8);
        assertThat(reports.get(7).loss()).isLessThan(reports.get(0).loss());
    }
}
