package io.github.moshivis;

import io.github.moshivis.engine.StepResult;
import io.github.moshivis.engine.UserFrame;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.plugin.HostCode;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A conversation that runs on its own threads: it reads the user's voice from a source, feeds it to the model frame by frame, and writes the
 * model's voice to a sink, until the source ends, its maximum duration is reached, it is stopped, or something fails. A last frame
 * that is not complete is not said. A live source that is ahead by more than 0.64 s loses its oldest frames, which are counted,
 * unless {@link SessionOptions#lagPolicy} says otherwise.
 */
public final class Conversation implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Conversation.class.getName());
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Heard END = new Heard(0, new float[0], 0, new CompletableFuture<>());
    private static final long CLOSE_NANOS = 10_000_000_000L;

    private final Session session;
    private final AudioSource source;
    private final AudioSink sink;
    private final Listeners listeners;
    private final Thread listening;
    private final Thread speaking;
    private final boolean skips;
    private final long maxFrames;
    private final LinkedBlockingQueue<Heard> results = new LinkedBlockingQueue<>();
    private final LagWatch lag;
    private final Ending ending = new Ending();
    private final Consumer<? super EndReason> onEnd;

    private TextPiece lastText;

    /**
     * A frame of the user on its way.
     *
     * @param frame which, from 0
     * @param pcm its samples
     * @param since when it was complete, on the clock of {@link System#nanoTime}
     * @param result the result of the frame; null if it was skipped
     */
    private record Heard(long frame, float[] pcm, long since, CompletableFuture<StepResult> result) {}

    private Conversation(SessionOptions options, Session session, AudioSource source, AudioSink sink) {
        this.session = session;
        this.source = source;
        this.sink = sink;
        this.skips = options.skips(source);
        this.maxFrames = options.maxFrames();
        this.onEnd = options.onEnd().orElse(reason -> {});
        int number = NUMBER.incrementAndGet();
        listeners = new Listeners(options, "moshivis-events-" + number);
        lag = new LagWatch(listeners, options.model().lags());
        listening = daemon(this::listen, "moshivis-listen-" + number);
        speaking = daemon(this::speak, "moshivis-speak-" + number);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    static Conversation start(SessionOptions options, AudioSource source, AudioSink sink) {
        Session session = null;
        try {
            DistinctFiles.check(
                    source, sink, options.recordingFiles(), options.model().files());
            session = options.open();
            open(source::open, "source", EndReason.SOURCE_FAILED);
            open(sink::open, "sink", EndReason.SINK_FAILED);
            Conversation conversation = new Conversation(options, session, source, sink);
            conversation.listening.start();
            conversation.speaking.start();
            return conversation;
        } catch (Throwable e) { // the host's code may also throw a checked exception that it hides from the compiler
            HostCode.close(LOG, source, "The source of a conversation");
            HostCode.close(LOG, sink, "The sink of a conversation");
            if (session != null) {
                session.close();
            }
            throw e;
        }
    }

    /** The opening of a source or a sink. */
    private interface Opening {
        void run() throws Exception;
    }

    private static void open(Opening opening, String what, EndReason failure) {
        try {
            opening.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ConversationException(
                    failure,
                    "The conversation cannot start: its " + what + " cannot be opened: " + HostCode.message(e),
                    e);
        }
    }

    /** Reads frames and hands them in. Runs on the listening thread. */
    private void listen() {
        float[] frame = new float[Session.FRAME_SAMPLES];
        try {
            FrameReader frames = new FrameReader(source);
            long heard = 0;
            for (; !ending.isStopping() && heard < maxFrames && frames.fill(frame); heard++) {
                ending.clearInterrupt();
                hear(heard, frame.clone());
            }
            ending.stopListening(heard == maxFrames ? EndReason.MAX_DURATION : EndReason.SOURCE_ENDED);
        } catch (Throwable e) { // an Error too: the host's code must not end this thread in silence
            if (!ending.isStopping()) {
                ending.fail(EndReason.SOURCE_FAILED, "its source failed: " + HostCode.message(e), e);
            }
        } finally {
            results.add(END);
            HostCode.close(LOG, source, "The source of a conversation");
        }
    }

    private void hear(long frame, float[] pcm) throws InterruptedException {
        long since = System.nanoTime();
        if (!skips) {
            results.put(new Heard(frame, pcm, since, session.lease().put(UserFrame.of(pcm))));
            return;
        }
        Heard heard = new Heard(frame, pcm, since, session.lease().putSkipping(UserFrame.of(pcm)));
        results.add(heard);
        heard.result.thenAccept(value -> {
            if (value == null) {
                results.remove(heard);
                lag.skipped(frame);
            }
        });
    }

    /** Takes results in order, plays them and tells the listeners. Runs on the speaking thread. */
    private void speak() {
        try {
            for (Heard next = results.take(); next != END; next = results.take()) {
                boolean waited = !next.result.isDone();
                StepResult result = next.result.get();
                if (result != null) {
                    if (waited && source.isLive()) {
                        lag.replied(next.frame, next.since, result.row() != null);
                    }
                    deliver(session.reply(next.frame, next.pcm, result));
                }
            }
            String rest = session.finishText();
            if (!rest.isEmpty() && lastText != null) {
                listeners.deliver(new TextPiece(lastText.frame(), lastText.token(), "", rest, lastText.gateWeight()));
            }
        } catch (InterruptedException e) {
            ending.fail(EndReason.INTERRUPTED, "its thread was interrupted", e);
        } catch (ExecutionException e) {
            fail(e.getCause());
        } catch (Throwable e) {
            fail(e);
        } finally {
            finish();
        }
    }

    private void deliver(Reply reply) throws InterruptedException {
        if (reply.output().isPresent()) {
            Reply.Output output = reply.output().get();
            lastText = output.text();
            try {
                long start = System.nanoTime();
                sink.write(output.pcm(), 0, output.pcm().length);
                ending.clearInterrupt();
                lag.written(start);
            } catch (Throwable e) {
                ending.fail(EndReason.SINK_FAILED, "its sink failed: " + HostCode.message(e), e);
                throw new InterruptedException();
            }
        }
        listeners.deliver(reply);
    }

    private void finish() {
        ending.stopListening(ending.reason());
        HostCode.close(LOG, source, "The source of a conversation");
        try {
            sink.close();
        } catch (Throwable e) {
            ending.fail(EndReason.SINK_FAILED, "its sink could not be completed: " + HostCode.message(e), e);
        }
        ending.clearInterrupt();
        try {
            session.close();
        } catch (Throwable e) {
            fail(e);
        }
        try {
            listeners.finish();
        } catch (InterruptedException e) {
            listeners.abandon();
        }
        Thread.interrupted(); // close() interrupts what waits here; the host's code must not find that
        try {
            onEnd.accept(ending.reason());
        } catch (Throwable e) {
            HostCode.warn(LOG, "A listener failed at the end of a conversation", e);
        }
        ending.complete();
    }

    private void fail(Throwable cause) {
        if (cause instanceof RuntimeException known) {
            ending.fail(known);
        } else {
            ending.fail(EndReason.MODEL_FAILED, "a step failed: " + HostCode.name(cause), cause);
        }
    }

    /**
     * Gives the conversation another picture; see {@link Session#image(Image)}.
     *
     * @param image the picture
     * @throws IllegalStateException if the conversation has ended
     */
    public void image(Image image) {
        session.image(image);
    }

    /**
     * Takes the picture away; the steps after this run without one.
     *
     * @throws IllegalStateException if the conversation has ended
     */
    public void clearImage() {
        session.clearImage();
    }

    /**
     * Gives the conversation another picture with a size of its own; see {@link Session#image(Image, int, boolean)}.
     *
     * @param image the picture
     * @param imageSize pixels a side that it is resized to
     * @param centerCrop true to cut it to the square in its middle first
     * @throws IllegalStateException if the conversation has ended
     */
    public void image(Image image, int imageSize, boolean centerCrop) {
        session.image(image, imageSize, centerCrop);
    }

    /**
     * Returns the transcription of the user; see {@link Session#userTranscription}.
     *
     * @return the transcription; empty without {@link SessionOptions#transcribe}
     */
    public Optional<Transcription> userTranscription() {
        return session.userTranscription();
    }

    /**
     * Changes the choice of tokens while the conversation goes on; see {@link Session#update}.
     *
     * @param change gets the present settings and returns those to use
     * @throws IllegalStateException if the conversation has ended
     */
    public void update(UnaryOperator<SamplingOptions> change) {
        session.update(change);
    }

    /**
     * Returns the model's times for the frames of this conversation.
     *
     * @return all until now; all of them once it has ended
     */
    public FrameTimes statistics() {
        return session.statistics();
    }

    /**
     * Counts the underruns of a live conversation: frames of the model that came after everything before them had been played; see {@link
     * Lag.Kind#UNDERRUN}.
     *
     * @return the number so far
     */
    public long underruns() {
        return lag.underruns();
    }

    /**
     * Frames that were skipped because the model could not keep up.
     *
     * @return the number so far
     */
    public long skippedFrames() {
        return lag.skippedFrames();
    }

    /** Stops listening. Frames that were read are still answered; {@link #join} waits for that. Idempotent. */
    public void stop() {
        if (ending.stopListening(EndReason.STOPPED)) {
            HostCode.close(LOG, source, "The source of a conversation"); // which may stop the conversation in turn
        }
    }

    /**
     * True until the conversation has ended and its last event has been delivered.
     *
     * @return whether the conversation goes on
     */
    public boolean isActive() {
        return !ending.isOver();
    }

    /**
     * The end of the conversation, for callers that do not wait. Dependents of the stage run on a thread of the conversation and hold
     * nobody else up.
     *
     * @return completes with the reason of an intended end, or exceptionally with what {@link #join} throws
     */
    public CompletionStage<EndReason> completion() {
        return ending.completion();
    }

    /**
     * Waits until the conversation has ended and the last event has been delivered. If the waiting thread is interrupted, the
     * conversation ends and the thread stays interrupted.
     *
     * @throws ConversationException what ended the conversation, if it was not the end of its source, its maximum duration, {@link #stop}
     *     or {@link #close}; with {@link EndReason#INTERRUPTED} if the waiting thread was interrupted
     * @throws IllegalStateException in a listener, source or sink of this conversation or its transcription, which would wait for itself
     */
    public void join() {
        join(Ending.FOREVER);
    }

    /**
     * Waits as {@link #join()}, but not for ever.
     *
     * @param timeout longest time to wait; zero or more
     * @return true if the conversation has ended, false if it goes on
     * @throws ConversationException as {@link #join()}
     * @throws IllegalStateException as {@link #join()}
     */
    public boolean join(Duration timeout) {
        if (isOwnThread()) {
            throw new IllegalStateException(
                    "A listener, source or sink cannot wait for the end of its own conversation: it would wait for"
                            + " itself. Call stop() and return, or use completion()");
        }
        try {
            if (!ending.await(timeout)) {
                return false;
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new ConversationException(
                    EndReason.INTERRUPTED,
                    "The conversation ended: the thread that waited for its end was interrupted. What was said until then is with the sink",
                    e);
        }
        ending.throwFailure();
        return true;
    }

    private boolean isOwnThread() {
        return List.of(listening, speaking).contains(Thread.currentThread())
                || listeners.isCurrentThread()
                || session.isTranscriptionThread();
    }

    /** Ends the conversation at once and closes source and sink. Idempotent; does nothing to one that has ended. */
    @Override
    public void close() {
        if (ending.isOver() || ending.isClosing()) {
            return;
        }
        if (ending.abandon()) {
            HostCode.close(LOG, session::abandon, "The recording of a conversation");
            listening.interrupt();
            speaking.interrupt();
            HostCode.close(LOG, source, "The source of a conversation");
            HostCode.close(LOG, sink, "The sink of a conversation");
        }
        if (isOwnThread()) {
            listeners.abandon();
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (!ending.await(CLOSE_NANOS)) {
                LOG.log(
                        Level.WARNING,
                        "A conversation has not ended {0} s after its close: its sink or listener does not return",
                        CLOSE_NANOS / 1_000_000_000L);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
