package io.github.moshivis.cli;

import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Shows the files in progress on a terminal, each with its last words, and the overall progress. Used by one thread. */
final class TranscribeProgress {
    private final Map<Path, Duration> durations;
    private final int files;
    private final StatusLine line;
    private final TimeLeft timeLeft;
    private final Map<Path, Transcript> running = new LinkedHashMap<>();
    private double finishedSeconds;
    private int finished;

    private TranscribeProgress(Map<Path, Duration> durations, int files, StatusLine line, LongSupplier clock) {
        this.durations = durations;
        this.files = files;
        this.line = line;
        this.timeLeft = new TimeLeft(clock);
    }

    /** Reads the headers of the files; with a pipe, the total length is unknown. */
    static TranscribeProgress of(List<Path> files, StatusLine line, LongSupplier clock) throws IOException {
        Map<Path, Duration> durations = new LinkedHashMap<>();
        for (Path file : files) {
            Optional<Duration> duration = SoundFile.duration(file);
            duration.ifPresent(known -> durations.put(file, known));
        }
        return new TranscribeProgress(durations, files.size(), line, clock);
    }

    /** Called during the transcription of a file. */
    void advanced(Path file, Transcript transcript) {
        running.put(file, transcript);
    }

    /** Called when a file is transcribed. */
    void finished(Path file) {
        running.remove(file);
        finishedSeconds += seconds(file);
        finished++;
        line.clear(); // the transcript may be printed below
    }

    /** Shows the progress. */
    void show() {
        List<String> rows = new ArrayList<>();
        running.forEach((file, transcript) -> rows.add(row(file, transcript)));
        if (files > 1) {
            double done = finishedSeconds
                    + running.entrySet().stream()
                            .mapToDouble(each -> done(each.getKey(), each.getValue()))
                            .sum();
            String share = durations.size() < files ? "" : ": " + timeLeft.text(done, 0, total());
            rows.add(finished + " of " + files + " files" + share);
        }
        line.update(rows);
    }

    private String row(Path file, Transcript transcript) {
        String head = file.getFileName() + "  ";
        head += durations.containsKey(file)
                ? files > 1
                        ? (int) (100 * done(file, transcript) / seconds(file)) + " %"
                        : timeLeft.text(done(file, transcript), 0, seconds(file))
                : String.format(Locale.ROOT, "%.1f s", transcript.duration());
        String said = transcript.text();
        int room = Math.max(0, line.columns() - head.length() - 2);
        return head + "  " + said.substring(Math.max(0, said.length() - room));
    }

    /** Returns the transcribed seconds of a file, without the silence that is appended. */
    private double done(Path file, Transcript transcript) {
        return Math.min(transcript.duration(), seconds(file));
    }

    private double seconds(Path file) {
        return durations.getOrDefault(file, Duration.ZERO).toMillis() / 1e3;
    }

    private double total() {
        return durations.values().stream().mapToLong(Duration::toMillis).sum() / 1e3;
    }
}
