package io.github.moshivis.evaluate;

import io.github.moshivis.SessionOptions;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.errors.MoshiVisException;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.ForwardingSource;
import io.github.moshivis.io.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;

/**
 * Asks a model questions, each in its own conversation, and compares its answers with the correct ones. Immutable and thread-safe.
 *
 * <pre>{@code
 * Evaluator evaluator = new Evaluator(each -> model.session().seed(each.id().hashCode()), Duration.ofSeconds(6));
 * List<CaseResult> results = evaluator.evaluate(EvaluationSet.read(Path.of("set")).cases(), 8);
 * System.out.println(Summary.of(results).exactShare());
 * }</pre>
 */
public final class Evaluator {
    private static final Duration SLOT_TIMEOUT = Duration.ofMinutes(1);

    private final Function<EvaluationCase, SessionOptions> sessions;
    private final Duration tail;

    /**
     * Creates an evaluator.
     *
     * @param sessions makes the conversation for a question: sampling, seed; the evaluator adds the question's picture. A seed that is
     *     derived from the question's id makes answers repeatable but for rounding, whatever questions are asked beside it
     * @param tail silence after the question in which the model answers; zero or more
     */
    public Evaluator(Function<EvaluationCase, SessionOptions> sessions, Duration tail) {
        this.sessions = Objects.requireNonNull(sessions, "sessions");
        this.tail = Objects.requireNonNull(tail, "tail");
    }

    /**
     * Asks one question and waits for the answer, as fast as the machine allows.
     *
     * @param question the question
     * @return the answer
     * @throws MoshiVisException if the sound or the picture cannot be read, or the conversation fails
     */
    public CaseResult evaluate(EvaluationCase question) {
        return evaluate(question, Optional.empty());
    }

    /**
     * Asks one question as {@link #evaluate(EvaluationCase)}, and records it.
     *
     * @param question the question
     * @param recording a WAV file for both sides, see {@link SessionOptions#record}; empty for none
     * @return the answer
     */
    public CaseResult evaluate(EvaluationCase question, Optional<Path> recording) {
        Answer answer = new Answer();
        SessionOptions options = sessions.apply(question)
                .waitForSlot(SLOT_TIMEOUT)
                .onReply(answer::reply)
                .onText(answer::text);
        options = question.picture().isPresent()
                ? options.image(picture(question.picture().get()))
                : options;
        options = recording.isPresent() ? options.record(recording.get()) : options;
        CountedSource asked = new CountedSource(SoundFile.source(question.sound()));
        options.run(asked.thenSilence(tail), answer);
        return answer.result(question, question.end().orElseGet(asked::seconds));
    }

    private static Image picture(Path file) {
        try {
            return Image.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The picture " + file.toAbsolutePath() + " cannot be read", e);
        }
    }

    /**
     * Asks questions, several at once.
     *
     * @param questions the questions
     * @param conversations how many at once; the model has to be loaded for as many
     * @return the answers in the order of the questions
     * @throws MoshiVisException as {@link #evaluate(EvaluationCase)}: the first failure ends the evaluation
     */
    public List<CaseResult> evaluate(Collection<EvaluationCase> questions, int conversations) {
        Map<String, CaseResult> results = new HashMap<>();
        ask(questions, conversations, this::evaluate, result -> results.put(result.id(), result));
        return questions.stream().map(each -> results.get(each.id())).toList();
    }

    /**
     * Asks questions, several at a time, and stores everything in a folder: {@code results.jsonl} with a line for each answer, and for each
     * question {@code ID.txt} with the answer, and {@code ID.wav}, {@code ID.json} and {@code ID.safetensors} as
     * {@link SessionOptions#record} writes them. Questions with stored answers are not asked again, so an interrupted evaluation can be
     * resumed.
     *
     * @param questions the questions
     * @param conversations how many at once; the model has to be loaded for as many
     * @param folder the folder; created if it is not there
     * @param listener gets each new answer with the number of questions that are still open, on the calling thread
     * @return the answers in the order of the questions, those from the folder included
     * @throws IllegalStateException if another evaluation writes to the folder now
     * @throws MoshiVisException as {@link #evaluate(EvaluationCase)}: the first failure ends the evaluation; answers until then are kept
     */
    public List<CaseResult> evaluate(
            Collection<EvaluationCase> questions, int conversations, Path folder, ObjIntConsumer<CaseResult> listener) {
        try (ResultFile file = ResultFile.open(folder)) {
            List<EvaluationCase> open = questions.stream()
                    .filter(each -> !file.results().containsKey(each.id()))
                    .toList();
            AtomicInteger left = new AtomicInteger(open.size());
            ask(open, conversations, each -> record(each, folder), result -> {
                file.add(result);
                listener.accept(result, left.decrementAndGet());
            });
            return questions.stream().map(each -> file.results().get(each.id())).toList();
        }
    }

    private CaseResult record(EvaluationCase question, Path folder) {
        CaseResult result = evaluate(question, Optional.of(folder.resolve(question.id() + ".wav")));
        try {
            Files.writeString(folder.resolve(question.id() + ".txt"), result.answer() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("The answer to " + question.id() + " cannot be written to " + folder, e);
        }
        return result;
    }

    private static void ask(
            Collection<EvaluationCase> questions,
            int conversations,
            Function<EvaluationCase, CaseResult> asking,
            Consumer<CaseResult> listener) {
        ExecutorService threads = Executors.newFixedThreadPool(conversations);
        try {
            CompletionService<CaseResult> answers = new ExecutorCompletionService<>(threads);
            questions.forEach(each -> answers.submit(() -> asking.apply(each)));
            for (int i = 0; i < questions.size(); i++) {
                listener.accept(answers.take().get());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The evaluation was interrupted; answers until then are kept", e);
        } finally {
            end(threads);
        }
    }

    /** Ends all conversations and waits until they have released the model and their files. */
    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Source that counts its samples. The count is read after the conversation. */
    private static final class CountedSource extends ForwardingSource {
        private volatile long samples;

        CountedSource(AudioSource source) {
            super(source);
        }

        /** Returns the duration of the audio read so far. */
        double seconds() {
            return (double) samples / SAMPLE_RATE;
        }

        @Override
        public int read(float[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            samples += Math.max(0, count);
            return count;
        }
    }
}
