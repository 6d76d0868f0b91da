package io.github.moshivis;

import io.github.moshivis.engine.StepResult;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * A conversation that runs by itself: it reads the user's voice from a source, says it to the model frame by frame, and writes the
 * model's voice to a sink, until the source ends, its maximum duration is reached, it is stopped, or something fails. A last frame
 * that is not complete is not said. A live source that is ahead by more than 0.64 s loses its oldest frames, which are counted,
 * unless {@link SessionOptions#lagPolicy} says otherwise.
 */
public final class Conversation implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Conversation.class.getName());
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Heard END = new Heard(0, new float[0], 0, new CompletableFuture<>());
    private static final long FRAME_NANOS = 1_000_000_000L * AudioSource.FRAME_SAMPLES / AudioSource.SAMPLE_RATE;
    private static final long CLOSE_SECONDS = 10;

    private final Session session;
    private final AudioSource source;
    private final AudioSink sink;
    private final Listeners listeners;
    private final Thread listening;
    private final Thread speaking;
    private final boolean skips;
    private final long maxFrames;
    private final LinkedBlockingQueue<Heard> results = new LinkedBlockingQueue<>();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong underruns = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Set when nothing more is to be heard; what the source does after that is no failure. */
    private volatile boolean stopping;
    /** Set when the caller gave the conversation up; nothing after that is a failure. */
    private volatile boolean abandoned;

    private TextPiece lastText;
    /** When the sound that was handed to the sink will have been played; 0 before there is any. */
    private long playedUntil;

    /**
     * A frame of the user on its way.
     *
     * @param frame which, from 0
     * @param pcm its samples
     * @param since when it was complete, on the clock of {@link System#nanoTime}
     * @param result what it brings; null if it was skipped
     */
    private record Heard(long frame, float[] pcm, long since, CompletableFuture<StepResult> result) {}

    private Conversation(SessionOptions options, Session session, AudioSource source, AudioSink sink) {
        this.session = session;
        this.source = source;
        this.sink = sink;
        this.skips = options.skips(source);
        this.maxFrames = options.maxFrames();
        int number = NUMBER.incrementAndGet();
        listeners = new Listeners(options, "moshivis-events-" + number);
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
            session = options.open();
            open(source::open, "source");
            open(sink::open, "sink");
            Conversation conversation = new Conversation(options, session, source, sink);
            conversation.listening.start();
            conversation.speaking.start();
            return conversation;
        } catch (RuntimeException e) {
            closeQuietly(source, "source");
            closeQuietly(sink, "sink");
            if (session != null) {
                session.close();
            }
            throw e;
        }
    }

    /** What opens a source or a sink. */
    private interface Opening {
        void run() throws Exception;
    }

    private static void open(Opening opening, String what) {
        try {
            opening.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ConversationException(
                    "The conversation cannot start: its " + what + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Reads frames and hands them in. Runs on the listening thread. */
    private void listen() {
        float[] frame = new float[Session.FRAME_SAMPLES];
        try {
            for (long heard = 0; !stopping && heard < maxFrames && fill(frame); heard++) {
                hear(heard, frame.clone());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            if (!stopping) {
                fail("its source failed: " + e.getMessage(), e);
            }
        } finally {
            results.add(END);
            closeQuietly(source, "source");
        }
    }

    private boolean fill(float[] frame) throws Exception {
        for (int filled = 0; filled < frame.length; ) {
            int count = source.read(frame, filled, frame.length - filled);
            if (count < 0) {
                return false;
            }
            filled += count;
        }
        return true;
    }

    private void hear(long frame, float[] pcm) throws InterruptedException {
        long since = System.nanoTime();
        if (!skips) {
            results.put(new Heard(frame, pcm, since, session.lease().put(pcm)));
            return;
        }
        Heard heard = new Heard(frame, pcm, since, session.lease().putSkipping(pcm));
        results.add(heard);
        heard.result.thenAccept(value -> {
            if (value == null) {
                skipped.incrementAndGet();
                results.remove(heard);
                listeners.offer(new Lag(Lag.Kind.SKIPPED, frame, Duration.ofNanos(FRAME_NANOS)));
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
                    if (source.isLive()) {
                        watch(next, waited, result.row() != null);
                    }
                    deliver(session.reply(next.pcm, result));
                }
            }
            String rest = session.finishText();
            if (!rest.isEmpty() && lastText != null) {
                listeners.deliver(new TextPiece(lastText.frame(), lastText.token(), "", rest, lastText.gateWeight()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            end((RuntimeException) e.getCause());
        } catch (RuntimeException e) {
            end(e);
        } finally {
            finish();
        }
    }

    /** Tells when the reply to a frame came late, and when it came after everything before it was played. */
    private void watch(Heard heard, boolean waited, boolean hasSound) {
        long now = System.nanoTime();
        long late = now - heard.since - FRAME_NANOS;
        if (waited && late > 0) {
            listeners.offer(new Lag(Lag.Kind.LATE, heard.frame, Duration.ofNanos(late)));
        }
        if (waited && hasSound && playedUntil != 0 && now > playedUntil) {
            underruns.incrementAndGet();
            listeners.offer(new Lag(Lag.Kind.UNDERRUN, heard.frame, Duration.ofNanos(now - playedUntil)));
        }
    }

    private void deliver(Reply reply) throws InterruptedException {
        if (reply.output().isPresent()) {
            Reply.Output output = reply.output().get();
            lastText = output.text();
            try {
                long start = System.nanoTime();
                sink.write(output.pcm(), 0, output.pcm().length);
                // A sink that makes wait is full until it returns; another one plays from when it got something.
                playedUntil = Math.max(Math.max(playedUntil, start) + FRAME_NANOS, System.nanoTime());
            } catch (Exception e) {
                fail("its sink failed: " + e.getMessage(), e);
                throw new InterruptedException();
            }
        }
        listeners.deliver(reply);
    }

    private void finish() {
        stopping = true;
        closeQuietly(source, "source");
        try {
            sink.close();
        } catch (Exception e) {
            fail("its sink could not be completed: " + e.getMessage(), e);
        }
        try {
            session.close();
        } catch (ConversationException e) {
            end(e);
        }
        try {
            listeners.finish();
        } catch (InterruptedException e) {
            listeners.abandon();
        }
        ended.countDown();
    }

    private void fail(String what, Exception cause) {
        end(new ConversationException("The conversation ended: " + what, cause));
    }

    private void end(RuntimeException reason) {
        if (!abandoned) {
            failure.compareAndSet(null, reason);
        }
    }

    private static void closeQuietly(AutoCloseable closeable, String what) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "The " + what + " of a conversation could not be closed", e);
        }
    }

    /**
     * Gives the conversation another picture; see {@link Session#image}.
     *
     * @param image the picture
     */
    public void image(Image image) {
        session.image(image);
    }

    /** Takes the picture away; the steps after this run without one. */
    public void clearImage() {
        session.clearImage();
    }

    /**
     * Changes options while the conversation goes on; see {@link Session#update}.
     *
     * @param change gets the present options and returns those that shall hold
     */
    public void update(UnaryOperator<SessionOptions> change) {
        session.update(change);
    }

    /**
     * How long the model took for the frames of this conversation.
     *
     * @return all until now; all of them once it has ended
     */
    public FrameTimes statistics() {
        return session.statistics();
    }

    /**
     * How often the sound of a live conversation came after all before it had been played; see {@link Lag.Kind#UNDERRUN}.
     *
     * @return the number so far
     */
    public long underruns() {
        return underruns.get();
    }

    /**
     * Frames that were skipped because the model could not keep up.
     *
     * @return the number so far
     */
    public long skippedFrames() {
        return skipped.get();
    }

    /** Stops listening. What was heard is still answered; {@link #join} waits for that. Idempotent. */
    public void stop() {
        stopping = true;
        closeQuietly(source, "source");
    }

    /**
     * Waits until the conversation has ended and the last event has been delivered. If the waiting thread is interrupted, the
     * conversation ends and the thread stays interrupted.
     *
     * @throws io.github.moshivis.errors.ConversationException what ended the conversation, if it was not the end of its source,
     *     {@link #stop} or {@link #close}
     */
    public void join() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            return;
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    /** Ends the conversation at once and closes source and sink. Idempotent; does nothing to one that has ended. */
    @Override
    public void close() {
        if (ended.getCount() == 0) {
            return;
        }
        abandoned = true;
        stopping = true;
        closeQuietly(session, "recording");
        listening.interrupt();
        speaking.interrupt();
        closeQuietly(source, "source");
        closeQuietly(sink, "sink");
        if (listeners.isCurrentThread()) {
            listeners.abandon();
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (!ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(
                        Level.WARNING,
                        "A conversation has not ended {0} s after its close: its sink or a listener"
                                + " does not return",
                        CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
