package io.github.moshivis;

import io.github.moshivis.plugin.Providers;
import io.github.moshivis.transcript.Transcript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Transcribes many files, as many at once as a model has room for; where others have it, files wait for it. */
final class FileBatch {
    /** As good as for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(Long.MAX_VALUE);

    private FileBatch() {}

    static List<Transcript> transcribe(SpeechToText stt, List<Path> files) {
        TranscriptionOptions options = stt.transcription().waitForSlot(PATIENCE);
        ExecutorService workers =
                Executors.newFixedThreadPool(Math.max(1, Math.min(files.size(), stt.maxTranscriptions())));
        try {
            List<Callable<Transcript>> work = new ArrayList<>();
            files.forEach(
                    file -> work.add(() -> options.run(Providers.soundFiles().source(file))));
            List<Transcript> transcripts = new ArrayList<>();
            for (Future<Transcript> done : workers.invokeAll(work)) {
                transcripts.add(done.get());
            }
            return transcripts;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Scribe.interrupted(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }
}
