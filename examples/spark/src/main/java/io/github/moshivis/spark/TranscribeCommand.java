package io.github.moshivis.spark;

import io.github.moshivis.SpeechToText;
import io.github.moshivis.audio.OggOpus;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.transcript.Transcript;
import io.github.moshivis.transcript.Word;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code transcribe}: transcripts of recorded dialogues, one row each. */
@Command(
        name = "transcribe",
        description = "Transcribes recorded dialogues, each channel separately, on all executors.")
final class TranscribeCommand implements Callable<Integer> {
    private static final StructType SCHEMA = StructType.fromDDL("path STRING, duration_s DOUBLE,"
            + " channels ARRAY<STRUCT<text: STRING, words: ARRAY<STRUCT<text: STRING, start_s: DOUBLE, end_s: DOUBLE>>>>,"
            + " error STRING");

    @Parameters(
            paramLabel = "PATTERN",
            arity = "1..*",
            description = "Recordings, WAV or Opus: paths, which may contain * and {a,b}.")
    private List<String> patterns;

    @Mixin
    private JobOptions job;

    @Option(
            names = "--model",
            paramLabel = "DIR|FILE|OWNER/NAME[@REV]",
            required = true,
            description = "A speech-to-text model, on the disk of every executor or on the hub, such as"
                    + " kyutai/stt-1b-en_fr-candle.")
    private String model;

    @Option(names = "--device", paramLabel = "cpu|cuda[:N]", description = "Device to use. Default: cpu.")
    private String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "Number of CPU threads. Default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() {
        loading();
        String[] args = job.args();
        SparkSession spark = job.session();
        List<String> recordings = recordings(spark.sparkContext().hadoopConfiguration());
        ResultTable.write(spark, job, recordings, (path, hadoop) -> hear(args, path, hadoop), SCHEMA);
        return ExitCode.OK;
    }

    private LoadOptions loading() {
        return job.loading().device(device).threads(threads);
    }

    private List<String> recordings(Configuration hadoop) {
        List<String> recordings = new ArrayList<>();
        for (String pattern : patterns) {
            try {
                Path path = new Path(pattern);
                FileStatus[] found = path.getFileSystem(hadoop).globStatus(path);
                if (found == null || found.length == 0) {
                    throw new IllegalArgumentException("Cannot transcribe " + pattern
                            + ": found no such file, expected recordings. Check the path");
                }
                for (FileStatus file : found) {
                    recordings.add(file.getPath().toString());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("The recordings " + pattern + " cannot be listed", e);
            }
        }
        return recordings;
    }

    /** On an executor: the same command, parsed there, has the model. */
    private static Future<Row> hear(String[] args, String path, Configuration hadoop) {
        TranscribeCommand command = (TranscribeCommand) Main.parsed(args);
        return ExecutorModel.get(
                        args, command.job.conversations(), () -> SpeechToText.load(command.model, command.loading()))
                .submit(model -> row(model, path, hadoop));
    }

    private static Row row(SpeechToText model, String path, Configuration hadoop) {
        try (LocalCopies copies = new LocalCopies(hadoop)) {
            java.nio.file.Path file = copies.find(new Path(path))
                    .orElseThrow(() -> new IllegalArgumentException("Cannot transcribe " + path
                            + ": found no file, expected a recording. Check that nobody removes it"));
            List<Row> channels = new ArrayList<>();
            double duration = 0;
            for (AudioSource voice : voices(file)) {
                Transcript transcript = model.transcribe(voice);
                duration = transcript.duration();
                channels.add(RowFactory.create(
                        transcript.text(),
                        transcript.words().stream().map(TranscribeCommand::row).toArray()));
            }
            return RowFactory.create(path, duration, channels.toArray(), null);
        } catch (IOException | RuntimeException e) { // a bad recording also gives a row
            return RowFactory.create(path, null, null, EvaluateCommand.message(e));
        }
    }

    /** Returns the voices of a recording, one in each channel. */
    private static List<AudioSource> voices(java.nio.file.Path file) throws IOException {
        if (SoundFile.isOpus(file)) {
            return OggOpus.channels(file);
        }
        List<AudioSource> voices = new ArrayList<>();
        for (float[] channel : WavFile.channels(file, 0, Double.MAX_VALUE)) {
            voices.add(new Samples(channel));
        }
        return voices;
    }

    private static Row row(Word word) {
        return RowFactory.create(
                word.text(), word.start(), word.end().isPresent() ? word.end().getAsDouble() : null);
    }

    /** Samples as a source. */
    private static final class Samples implements AudioSource {
        private final float[] samples;
        private int at;

        Samples(float[] samples) {
            this.samples = samples;
        }

        @Override
        public int read(float[] buffer, int offset, int length) {
            int count = Math.min(length, samples.length - at);
            if (count == 0) {
                return -1;
            }
            System.arraycopy(samples, at, buffer, offset, count);
            at += count;
            return count;
        }

        @Override
        public void close() {}
    }
}
