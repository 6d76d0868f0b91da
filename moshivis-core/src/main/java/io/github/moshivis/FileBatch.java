package io.github.moshivis;

import io.github.moshivis.transcript.Transcript;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Transcribes many files, as many at once as a model has room for. */
final class FileBatch {
    private FileBatch() {}

    static List<Transcript> transcribe(SpeechToText stt, List<Path> files) {
        ExecutorService workers =
                Executors.newFixedThreadPool(Math.max(1, Math.min(files.size(), stt.maxTranscriptions())));
        try {
            List<Callable<Transcript>> work = new ArrayList<>();
            files.forEach(file -> work.add(() -> stt.transcribe(file)));
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
