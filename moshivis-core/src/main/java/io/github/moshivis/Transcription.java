package io.github.moshivis;

import io.github.moshivis.engine.UserFrame;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.layout.SttConfig;
import io.github.moshivis.plugin.FailureLog;
import io.github.moshivis.plugin.HostCode;
import io.github.moshivis.transcript.EndOfTurn;
import io.github.moshivis.transcript.Pause;
import io.github.moshivis.transcript.Transcript;
import io.github.moshivis.transcript.Word;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A transcription that runs on its own thread: of a source until that ends, or of the user beside a conversation. What
 * it has not heard yet waits in a queue, so that it holds nobody up.
 */
public final class Transcription implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Transcription.class.getName());
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Frames that may wait of a source that does not: five minutes. */
    private static final int LIVE_QUEUE = 3750;

    /** Frames that may wait of a source that is made to wait. */
    private static final int FILE_QUEUE = 16;

    /** Words that come later than this are late. */
    private static final long LATE_NANOS = 1_000_000_000L;

    /** Frames between two reports of lateness. */
    private static final int REPORT_FRAMES = 12;

    private final FailureLog listenerFailures = new FailureLog(LOG, "A listener failed; the transcription goes on");
    private final TranscriptionOptions options;
    private final Scribe scribe;
    private final boolean live;
    private final BlockingQueue<Item> queue;
    private final Thread thread;
    private final Thread listening;
    private final AudioSource source;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    /** Guarded by itself. */
    private final List<Word> words = new ArrayList<>();

    private final Consumer<TranscriptionStep> recorder;
    private final AtomicLong skipped = new AtomicLong();
    private long lastReport = -REPORT_FRAMES;
    private volatile double heard;
    private volatile boolean closed;

    /** Work that waits. */
    private interface Item {
        /** Does it; returns null at the end. */
        TranscriptionStep run() throws InterruptedException;
    }

    private Transcription(
            TranscriptionOptions options, PaddedSource source, boolean live, Consumer<TranscriptionStep> recorder) {
        this.options = options;
        this.live = live;
        this.source = source;
        this.recorder = recorder;
        queue = new LinkedBlockingQueue<>(live ? LIVE_QUEUE : FILE_QUEUE);
        SttConfig config = options.stt().config();
        boolean silenceFirst = source == null && options.hearsSilenceFirst();
        scribe = new Scribe(options, live, silenceFirst ? Scribe.prefixFrames(config) : 0);
        int number = NUMBER.incrementAndGet();
        thread = daemon(this::run, "moshivis-transcribe-" + number);
        listening = source == null ? null : daemon(() -> listen(source), "moshivis-transcribe-listen-" + number);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Starts a transcription of a source. */
    static Transcription start(TranscriptionOptions options, AudioSource source) {
        try {
            options.check();
            SttConfig config = options.stt().config();
            double prefix = options.hearsSilenceFirst() ? config.silencePrefix() : 0;
            PaddedSource padded = new PaddedSource(source, (int) (prefix * AudioSource.SAMPLE_RATE), (int)
                    ((config.delay() + 1) * AudioSource.SAMPLE_RATE));
            Transcription transcription = new Transcription(options, padded, source.isLive(), step -> {});
            try {
                source.open();
            } catch (RuntimeException | Error e) {
                transcription.close();
                throw e;
            } catch (Throwable e) {
                transcription.close();
                throw new ConversationException(
                        EndReason.SOURCE_FAILED,
                        "The transcription cannot start: its source cannot be opened: " + HostCode.message(e),
                        e);
            }
            transcription.thread.start();
            transcription.listening.start();
            return transcription;
        } catch (Throwable e) { // the host's code may also throw a checked exception that it hides from the compiler
            HostCode.close(LOG, source, "The source of a transcription");
            throw e;
        }
    }

    /**
     * Starts a transcription beside a conversation, which brings its frames by {@link #hear}.
     *
     * @param recorder gets each result, before the listeners
     */
    static Transcription beside(TranscriptionOptions options, Consumer<TranscriptionStep> recorder) {
        options.check();
        Transcription transcription = new Transcription(options, null, true, recorder);
        transcription.thread.start();
        return transcription;
    }

    /**
     * Queues a frame of the user; never waits. If the queue is full, its oldest frame is dropped.
     *
     * @param frame sound or codes
     * @param number which frame of the user, from 0, skipped ones counted
     */
    void hear(UserFrame frame, long number) {
        double until = (number + 1) / AudioSource.FRAME_RATE;
        long since = System.nanoTime();
        Item item = () -> take(frame, number, until, since);
        while (!closed && !queue.offer(item)) {
            if (queue.poll() != null) {
                skipped.incrementAndGet();
            }
        }
    }

    /** Signals the end of the frames: the last words follow, and the transcription ends. */
    void end() {
        for (Item item : List.<Item>of(() -> scribe.flush(), () -> null)) {
            while (!closed && !queue.offer(item)) {
                queue.poll();
            }
        }
    }

    private TranscriptionStep take(UserFrame frame, long number, double until, long since) throws InterruptedException {
        TranscriptionStep step = scribe.hear(frame, until);
        heard = until;
        long lost = skipped.getAndSet(0);
        if (lost > 0) {
            report(Lag.Kind.SKIPPED, number, lost * AudioSource.FRAME_NANOS);
        }
        long behind = System.nanoTime() - since;
        if (live && behind > LATE_NANOS && number - lastReport >= REPORT_FRAMES) {
            lastReport = number;
            report(Lag.Kind.LATE, number, behind);
        }
        return step;
    }

    private void report(Lag.Kind kind, long frame, long nanos) {
        tell(() -> options.onLag().accept(new Lag(kind, frame, Duration.ofNanos(nanos))));
    }

    /** Reads the source to its end. Runs on the listening thread. */
    private void listen(PaddedSource padded) {
        float[] frame = new float[AudioSource.FRAME_SAMPLES];
        try {
            FrameReader frames = new FrameReader(padded);
            for (long number = 0; !closed && frames.fill(frame); number++) {
                float[] samples = frame.clone();
                long read = (number + 1) * AudioSource.FRAME_SAMPLES - padded.before();
                double until = Math.max(0, Math.min(read, padded.own())) / (double) AudioSource.SAMPLE_RATE;
                long current = number;
                long since = System.nanoTime();
                queue.put(() -> take(UserFrame.of(samples), current, until, since));
            }
            queue.put(() -> scribe.finish());
            queue.put(() -> null);
        } catch (Throwable e) { // an Error too: the host's code must not end this thread in silence
            fail(
                    e instanceof RuntimeException known
                            ? known
                            : new ConversationException(
                                    EndReason.SOURCE_FAILED,
                                    "The transcription ended: its source failed: " + HostCode.message(e),
                                    e));
            queue.clear();
            queue.offer(() -> null);
        } finally {
            HostCode.close(LOG, source, "The source of a transcription");
        }
    }

    /** Does what waits, in order. Runs on the transcription's thread. */
    private void run() {
        try {
            for (TranscriptionStep step = queue.take().run();
                    step != null;
                    step = queue.take().run()) {
                deliver(step);
            }
        } catch (InterruptedException e) {
            fail(Scribe.interrupted(e));
        } catch (Throwable e) {
            fail(e instanceof RuntimeException known ? known : new IllegalStateException(e));
        } finally {
            scribe.close();
            if (source != null) {
                HostCode.close(LOG, source, "The source of a transcription");
                listening.interrupt();
            }
            ended.countDown();
        }
    }

    private void deliver(TranscriptionStep step) {
        recorder.accept(step);
        for (Word word : step.words()) {
            if (word.isFinal()) {
                synchronized (words) {
                    words.add(word);
                }
            }
            tell(() -> options.onWord().accept(word));
        }
        if (!step.pauses().isEmpty()) {
            tell(() -> options.onPause().accept(new Pause(heard, step.pauses())));
        }
        if (step.endOfTurn()) {
            tell(() -> options.onEndOfTurn().accept(new EndOfTurn(heard)));
        }
    }

    private void tell(Runnable event) {
        try {
            event.run();
        } catch (Throwable e) { // an Error too, such as a failed assertion: other listeners still get their events
            listenerFailures.warn(e);
        }
        if (Thread.interrupted() && closed) { // by close(); an interrupt that the listener left is forgotten
            Thread.currentThread().interrupt();
        }
    }

    private void fail(RuntimeException cause) {
        if (!closed && failure.compareAndSet(null, cause) && source == null) {
            HostCode.warn(LOG, "The transcription beside a conversation ended; the conversation goes on", cause);
        }
    }

    /**
     * The final words until now. Called by any thread.
     *
     * @return the words, and how much of the sound was heard
     */
    public Transcript transcript() {
        synchronized (words) {
            return new Transcript(words, heard);
        }
    }

    /**
     * Brings the words that were said until now, without waiting for more sound; see {@link TranscriptionSession#flush}. Does not wait.
     * Without effect for a source that is not live, whose words come as fast as they can.
     */
    public void flush() {
        if (live) {
            queue.offer(() -> scribe.flush());
        }
    }

    /**
     * Sound that waits to be heard: how far the transcription is behind, without the delay of the model.
     *
     * @return zero or more
     */
    public Duration lag() {
        return Duration.ofNanos(queue.size() * AudioSource.FRAME_NANOS);
    }

    /**
     * Waits for the end.
     *
     * @return all words
     * @throws ConversationException what ended the transcription before its source ended; with {@link EndReason#INTERRUPTED} if the
     *     waiting thread was interrupted, which ends the transcription
     * @throws IllegalStateException in a listener or source of this transcription, which would wait for itself
     */
    public Transcript join() {
        refuseOwnThread();
        try {
            ended.await();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw Scribe.interrupted(e);
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        return transcript();
    }

    /**
     * Waits for the end, but not for ever.
     *
     * @param timeout longest time to wait; zero or more
     * @return whether it has come; then {@link #join} does not wait
     * @throws ConversationException with {@link EndReason#INTERRUPTED} if the waiting thread was interrupted
     * @throws IllegalStateException as {@link #join}
     */
    public boolean await(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        refuseOwnThread();
        try {
            return ended.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Scribe.interrupted(e);
        }
    }

    private void refuseOwnThread() {
        if (isOwnThread()) {
            throw new IllegalStateException("A listener or source cannot wait for the end of its own transcription: it"
                    + " would wait for itself. Return, and read transcript() at the end of the conversation");
        }
    }

    /** Returns whether the caller is a listener or the source of this transcription. */
    boolean isOwnThread() {
        Thread current = Thread.currentThread();
        return current == thread || current == listening;
    }

    /** Waits for the end as {@link #await} does, but returns when interrupted, and leaves the thread so; a listener does not wait. */
    void awaitQuietly(Duration timeout) {
        try {
            if (!isOwnThread()) {
                await(timeout);
            }
        } catch (ConversationException e) {
            LOG.log(Level.DEBUG, "The wait for the last words of a transcription was interrupted", e);
        }
    }

    /** Ends the transcription at once; words that wait are lost. Idempotent. */
    @Override
    public void close() {
        boolean again = closed;
        closed = true;
        scribe.close();
        thread.interrupt();
        if (source != null && !again) {
            HostCode.close(LOG, source, "The source of a transcription"); // which may close the transcription in turn
            listening.interrupt();
        }
    }
}
