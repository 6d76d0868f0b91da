package io.github.moshivis.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.evaluate.CaseResult;
import io.github.moshivis.evaluate.EvaluationSet;
import io.github.moshivis.evaluate.Evaluator;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.programs.ToyDemo;
import io.github.moshivis.test.ToySpeechToText;
import io.github.moshivis.transcript.Transcript;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both commands in a local session, on files of a file system that is not the local one, so that they are copied. */
class LocalSessionTest {
    private static final int CHANNELS = 2;
    private static final int RATE = 24_000;

    @TempDir
    static Path directory;

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.sql.codegen.wholeStage", false) // a compiler's seconds for a few rows
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.hadoop.fs.file.impl", RawLocalFileSystem.class.getName())
                .config(
                        "spark.sql.warehouse.dir",
                        directory.resolve("warehouse").toString())
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        ExecutorModel.closeAll();
        spark.stop();
    }

    private static Path out(String name) {
        return directory.resolve(name);
    }

    private static List<Row> rows(Path parquet, String order) {
        return spark.read().parquet(parquet.toString()).collectAsList().stream()
                .sorted(Comparator.comparing(row -> row.getAs(order).toString()))
                .toList();
    }

    @Test
    void questionsAreAnsweredAsWithoutSparkAndBadOnesAreRows() throws IOException {
        Path set = Files.createDirectory(directory.resolve("set"));
        ToyDemo demo = new ToyDemo();
        Files.copy(demo.clip(), set.resolve("a.wav"));
        Files.copy(demo.picture(), set.resolve("a.png"));
        Files.writeString(set.resolve("bad.wav"), "no sound");
        String good = "{\"id\": \"a\", \"kind\": \"see\", \"want\": \"x\"}\n";
        Files.writeString(
                set.resolve("cases.jsonl"),
                good
                        + """
                        {"id": "b", "want": "x", "sound": "bad.wav"}
                        {"id": "c", "want": "x", "sound": "none.wav"}
                        {"id": "d"
                        """);

        int exitCode = Main.run(
                "evaluate",
                set.toString(),
                "--out",
                out("answers").toString(),
                "--toy",
                "--threads=1",
                "--greedy",
                "--tail=0.5",
                "--conversations=2",
                "--tasks=2");

        assertThat(exitCode).isZero();
        List<Row> rows = rows(out("answers"), "position");
        assertThat(rows).hasSize(4);
        Path only = Files.writeString(set.resolve("only.jsonl"), good);
        CaseResult expected;
        try (MoshiVis model = MoshiVis.load(demo.model(), LoadOptions.defaults().threads(1))) {
            Evaluator evaluator = new Evaluator(each -> model.session().greedy(), Duration.ofMillis(500));
            expected = evaluator.evaluate(EvaluationSet.read(only).cases().get(0));
        }
        assertThat(rows.get(0).<String>getAs("answer"))
                .isEqualTo(expected.answer())
                .isNotBlank();
        assertThat(rows.get(0).<Boolean>getAs("exact")).isFalse();
        assertThat(rows.get(0).<String>getAs("error")).isNull();
        assertThat(rows.get(1).<String>getAs("error")).contains("WAV");
        assertThat(rows.get(2).<String>getAs("error")).contains("cases.jsonl: line 3", "\"none.wav\"");
        assertThat(rows.get(3).<String>getAs("error")).contains("line 4", "no JSON");
    }

    @Test
    void bothVoicesOfDialoguesAreWrittenDownAndBadRecordingsAreRows() throws IOException {
        Path recordings = Files.createDirectory(directory.resolve("recordings"));
        Files.write(recordings.resolve("a.recording"), stereo(2 * RATE)); // what is not called Opus is WAV
        Files.writeString(recordings.resolve("b.wav"), "no sound");
        String model = ToySpeechToText.directory().toString();

        int exitCode = Main.run(
                "transcribe", recordings + "/*", "--out", out("words").toString(), "--model", model, "--threads=1");

        assertThat(exitCode).isZero();
        List<Row> rows = rows(out("words"), "path");
        assertThat(rows).hasSize(2);
        Row dialogue = rows.get(0);
        assertThat(dialogue.<String>getAs("error")).isNull();
        assertThat(dialogue.<Double>getAs("duration_s")).isEqualTo(2);
        List<Row> channels = dialogue.getList(dialogue.fieldIndex("channels"));
        assertThat(channels).hasSize(CHANNELS);
        float[][] voices = WavFile.channels(recordings.resolve("a.recording"), 0, 2);
        try (SpeechToText alone =
                SpeechToText.load(model, LoadOptions.defaults().threads(1))) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                Path voice = directory.resolve("voice" + channel + ".wav");
                try (AudioSink sink = WavFile.sink(voice)) {
                    sink.open();
                    sink.write(voices[channel], 0, voices[channel].length);
                }
                Transcript expected = alone.transcribe(voice);
                assertThat(channels.get(channel).<String>getAs("text")).isEqualTo(expected.text());
                assertThat(channels.get(channel).getList(1)).hasSameSizeAs(expected.words());
            }
        }
        assertThat(rows.get(1).<String>getAs("path")).endsWith("b.wav");
        assertThat(rows.get(1).<String>getAs("error")).contains("WAV");
    }

    @Test
    void whatCannotBeIsSaidInOneLine() {
        assertThat(Main.run("transcribe", directory + "/none/*.wav", "--out", "x", "--model", "y"))
                .isNotZero();
        assertThat(Main.run("evaluate", directory + "/none", "--out", "x", "--toy"))
                .isNotZero();
    }

    /** A WAV file of two tones, one in each channel, 16 bits. */
    private static byte[] stereo(int frames) {
        int bytes = frames * CHANNELS * Short.BYTES;
        ByteBuffer wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + bytes);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        wav.putShort((short) 1).putShort((short) CHANNELS).putInt(RATE).putInt(RATE * CHANNELS * Short.BYTES);
        wav.putShort((short) (CHANNELS * Short.BYTES)).putShort((short) Short.SIZE);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(bytes);
        for (int i = 0; i < frames; i++) {
            wav.putShort((short) (8000 * Math.sin(0.05 * i))).putShort((short) (8000 * Math.sin(0.02 * i)));
        }
        return wav.array();
    }
}
