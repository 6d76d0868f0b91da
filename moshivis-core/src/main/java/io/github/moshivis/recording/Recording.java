package io.github.moshivis.recording;

import io.github.moshivis.engine.StepResult;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.errors.MoshiVisException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.transcript.Word;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a conversation down while it goes on: a WAV file with the user on the left and the model on the right, its tokens, and a
 * transcript. The model's sound of a step stands beside the user's frame of that step. Runs on the thread that takes the replies,
 * never on the inference thread. What fails ends the conversation: a recording that was asked for is never silently incomplete.
 */
public final class Recording {
    private static final String SUFFIX = ".wav";

    private final AudioSink sound;
    private final Path file;
    private RecordedSteps steps;
    private RecordedTranscript transcript;
    private boolean closed;

    /**
     * Starts to write.
     *
     * @param file the WAV file; the others stand beside it
     * @param sound takes the sound of both sides, interleaved; owned
     * @param about metadata of the conversation
     * @param codes codes in a step, the model's and the user's
     * @param transcribes whether words of the user will come
     */
    public Recording(Path file, AudioSink sound, Map<String, Object> about, int codes, boolean transcribes) {
        this.file = file;
        this.sound = sound;
        try {
            sound.open();
            steps = new RecordedSteps(beside(file, ".safetensors"), codes);
            transcript = new RecordedTranscript(beside(file, ".json"), about, transcribes);
        } catch (IOException | RuntimeException | Error e) {
            for (Step step : new Step[] {sound::close, this::abandonSteps}) {
                try {
                    step.run();
                } catch (IOException | RuntimeException | Error suppressed) {
                    e.addSuppressed(suppressed);
                }
            }
            if (e instanceof Error error) {
                throw error;
            }
            throw e instanceof MoshiVisException known ? known : failure(e);
        }
    }

    private void abandonSteps() throws IOException {
        if (steps != null) {
            steps.abandon();
        }
    }

    /**
     * Checks a name.
     *
     * @throws IllegalArgumentException if the others could not stand beside it
     */
    public static Path checked(Path file) {
        if (!file.toString().endsWith(SUFFIX)) {
            throw new IllegalArgumentException("A recording is named by its WAV file: found " + file
                    + ", expected a name that ends in " + SUFFIX + "; add it");
        }
        return file.toAbsolutePath();
    }

    /** The file of the same name with another ending. */
    public static Path beside(Path file, String suffix) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + suffix);
    }

    /** All files of a recording. */
    public static List<Path> files(Path file) {
        return List.of(file, beside(file, ".safetensors"), beside(file, ".json"));
    }

    /**
     * Writes one step down; does nothing after the end.
     *
     * @param user the user's frame
     * @param result the model's response to it
     * @param text text of the response; empty for none
     */
    public synchronized void add(float[] user, StepResult result, String text) {
        if (closed) {
            return;
        }
        float[] both = new float[2 * user.length];
        for (int i = 0; i < user.length; i++) {
            both[2 * i] = user[i];
        }
        for (int i = 0; result.row() != null && i < user.length; i++) {
            both[2 * i + 1] = result.row().pcm()[i];
        }
        try {
            sound.write(both, 0, both.length);
            steps.add(result);
            if (!text.isEmpty()) {
                transcript.add(result.step(), text, result.row().gate());
            }
        } catch (IOException | RuntimeException e) {
            throw failure(e);
        }
    }

    /**
     * Writes a final word of the user down; does nothing after the end.
     *
     * @param word the word, after all earlier ones
     */
    public synchronized void addUserWord(Word word) {
        if (closed) {
            return;
        }
        try {
            transcript.add(word);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Completes the files, undisturbed by an interrupt: it would close their channels. Idempotent. */
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Throwable[] failure = new Throwable[1];
        Thread completing = new Thread(() -> failure[0] = complete(), "moshivis-record");
        completing.start();
        boolean interrupted = false;
        while (completing.isAlive()) {
            try {
                completing.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure[0] != null) {
            throw failure(failure[0]);
        }
    }

    private Throwable complete() {
        Throwable first = null;
        for (Step step : new Step[] {sound::close, () -> steps.finish(), () -> transcript.finish(steps.steps())}) {
            try {
                step.run();
            } catch (Throwable e) { // each file is completed, whatever became of the others
                first = first == null ? e : first;
            }
        }
        return first;
    }

    /** One file to complete. */
    private interface Step {
        void run() throws IOException;
    }

    private ConversationException failure(Throwable cause) {
        return new ConversationException(
                EndReason.RECORDING_FAILED,
                "The conversation ended: its recording " + file + " cannot be written: " + cause.getMessage()
                        + ". What was written before is kept; free space, or record elsewhere",
                cause);
    }
}
