package io.github.moshivis.client;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A conversation with a server of this project or of the reference: sends the user's voice from a source and writes the model's voice to a
 * sink, until the source has ended and the server has answered, the server ends it, it is stopped, or it fails.
 *
 * <p>Three daemon threads: one takes messages, decodes and calls the {@linkplain ChatListener listener}; one reads the source and sends;
 * one writes the sink. Whoever is slow makes the one before wait: a full network the source, a full sink the server. All methods may be
 * called by any thread. A client serves one conversation; who wants to try again starts another with the same options, a new source and
 * a new sink.
 */
public final class ChatClient implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ChatClient.class.getName());
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Interval at which timeouts are checked. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final long CLOSE_SECONDS = 5;

    private final ChatOptions options;
    private final Connection connection;
    private final AudioSource source;
    private final Speech speech;
    private final Playback playback;
    private final Reception reception;
    private final Thread hearing;
    private final Thread speaking;
    private final Outcome outcome;
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Time of the last message, or of the end of the user's audio; on the clock of {@link System#nanoTime}. */
    private volatile long lastSign = System.nanoTime();
    /** Set when sending should stop; later failures of the source are ignored. */
    private volatile boolean stopping;
    /** The first thread that closes the conversation, which source and sink may close in turn. */
    private final AtomicReference<Thread> closer = new AtomicReference<>();

    /** Set when all audio was sent. */
    private volatile boolean spoken;
    /** Set when all audio was sent and answered: then any close by the server is a success. */
    private boolean leaving;

    private ChatClient(ChatOptions options, Connection connection, AudioSource source, AudioSink sink) {
        this.options = options;
        this.connection = connection;
        this.source = source;
        outcome = new Outcome(connection.address());
        int number = NUMBER.incrementAndGet();
        speech = options.speech(source);
        playback = new Playback(
                sink,
                e -> fail(EndReason.SINK_FAILED, "its sink failed: " + Quietly.message(e), e),
                "moshivis-chat-play-" + number);
        reception = new Reception(options.listener(), options.decoder(), playback, connection);
        hearing = daemon(this::hear, "moshivis-chat-hear-" + number);
        speaking = daemon(this::speak, "moshivis-chat-speak-" + number);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Chooses a server.
     *
     * @param server its page's address as in a browser, such as {@code https://host:8998}, or the address of its WebSocket; https if no
     *     scheme is given
     * @return all else by default
     * @throws IllegalArgumentException if it is no such address
     */
    public static ChatOptions to(String server) {
        return new ChatOptions(ServerAddress.chat(server));
    }

    static ChatClient start(ChatOptions options, AudioSource source, AudioSink sink) {
        Connection connection = null;
        try {
            connection = options.connect();
            sink.open();
            ChatClient client = new ChatClient(options, connection, source, sink);
            options.firstMessage().ifPresent(connection::send);
            client.playback.start();
            client.hearing.start();
            return client;
        } catch (Throwable e) { // the host's code may also throw a checked exception that it hides from the compiler
            Quietly.close(source, "source");
            Quietly.close(sink, "sink");
            if (connection != null) {
                connection.abort();
            }
            if (e instanceof RuntimeException failure) {
                throw failure;
            }
            if (e instanceof Error failure) {
                throw failure;
            }
            throw new ConversationException(
                    EndReason.SINK_FAILED,
                    "The conversation cannot start: its sink cannot be opened: " + Quietly.message(e),
                    e);
        }
    }

    /** Handles messages until the end. Runs on the receiving thread. */
    private void hear() {
        try {
            while (true) {
                Connection.Arrival arrival = connection.next(LOOK);
                if (arrival instanceof Connection.Closed closed) {
                    if (!leaving) {
                        outcome.closed(closed, reception);
                    }
                    break;
                }
                if (arrival instanceof Connection.Received received && !outcome.isAbandoned()) {
                    take(received);
                } else {
                    watch();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            fail(EndReason.CONNECTION_FAILED, "the model's voice cannot be heard: " + Quietly.message(e), e);
        } finally {
            finish();
        }
    }

    private void take(Connection.Received received) throws IOException {
        boolean wasReady = reception.isReady();
        reception.accept(received.bytes());
        lastSign = System.nanoTime();
        if (reception.isReady() && !wasReady) {
            speaking.start();
        }
    }

    /** Ends the conversation after a timeout. */
    private void watch() {
        Duration silence = Duration.ofNanos(System.nanoTime() - lastSign);
        boolean ready = reception.isReady();
        if (spoken || stopping && !ready) {
            // A server slower than real time still has audio to send.
            Duration linger = !ready || statistics().isAnswered() ? options.linger() : options.slowLinger();
            if (silence.compareTo(linger) > 0 && !leaving) {
                leaving = true;
                connection.close();
            }
        } else if (!reception.isQueued()) {
            Duration limit = ready ? options.silenceTimeout() : options.handshakeTimeout();
            if (silence.compareTo(limit) > 0) {
                fail(
                        EndReason.CONNECTION_FAILED,
                        "found nothing from the server for " + limit.toMillis() + " ms, expected "
                                + (ready ? "the model's voice" : "a handshake") + ". Try again, or give it more time",
                        null);
            }
        }
    }

    /** Sends the user's voice. Runs on the sending thread. */
    private void speak() {
        try {
            if (!stopping) {
                speech.run(bytes -> connection.sendNow(new Message.Audio(bytes)));
            }
            spoken();
        } catch (ConversationException e) {
            LOG.log(Level.DEBUG, "Sending has stopped; the end of the connection gives the reason", e);
        } catch (Throwable e) { // an Error of the source, too
            if (stopping) {
                spoken();
            } else {
                fail(EndReason.SOURCE_FAILED, "its source failed: " + Quietly.message(e), e);
            }
        }
    }

    private void spoken() {
        lastSign = System.nanoTime();
        spoken = true;
    }

    private void finish() {
        stop();
        speaking.interrupt();
        try {
            speaking.join();
            playback.finish();
        } catch (InterruptedException e) {
            playback.abandon();
        }
        reception.close();
        ended.countDown();
    }

    private void fail(EndReason reason, String what, Throwable cause) {
        outcome.fail(reason, what, cause);
        connection.abort();
    }

    /**
     * Changes the picture. A server of this project answers an unreadable picture with an error message and continues; reference servers
     * accept only one picture.
     *
     * @param encoded the bytes of a picture file
     * @throws ConversationException if it cannot be sent
     */
    public void changeImage(byte[] encoded) {
        send(new Message.Image(encoded));
    }

    /**
     * Rates the conversation.
     *
     * @param stars 1 to 5
     * @throws IllegalArgumentException if it is another number
     * @throws ConversationException if it cannot be sent
     */
    public void rate(int stars) {
        send(new Message.Rating(stars));
    }

    /**
     * Sends the message of a key of the reference's terminal client.
     *
     * @param action what to do
     * @throws ConversationException if it cannot be sent
     */
    public void control(Message.Control.Action action) {
        send(new Message.Control(action));
    }

    /** Sends a message after all others and blocks until it is handed to the network. */
    private void send(Message message) {
        try {
            connection.sendNow(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConversationException(
                    EndReason.INTERRUPTED,
                    "Cannot send to " + connection.address() + ": found an interrupt, expected none. Try again",
                    e);
        }
    }

    /**
     * Returns the traffic of the conversation.
     *
     * @return traffic so far; complete when the conversation has ended
     */
    public ChatStatistics statistics() {
        return reception.statistics(speech.samples());
    }

    /** Stops sending. The server still answers what was sent; {@link #join} waits for that. Idempotent. */
    public void stop() {
        if (!stopping) {
            stopping = true;
            Quietly.close(source, "source"); // which may stop the conversation in turn
        }
    }

    /**
     * Waits until the conversation has ended, and everything was written to the sink. If the waiting thread is interrupted, the
     * conversation ends and the thread stays interrupted.
     *
     * @throws ConversationException if the conversation failed, instead of ending with its source, by a regular close of the server,
     *     {@link #stop} or {@link #close}
     * @throws IllegalStateException in a listener, source or sink of this conversation, which would wait for itself
     */
    public void join() {
        if (isOwnThread()) {
            throw new IllegalStateException(
                    "A listener, source or sink cannot wait for the end of its own conversation:"
                            + " it would wait for itself. Call stop() and return");
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            return;
        }
        outcome.throwFailure();
    }

    private boolean isOwnThread() {
        Thread current = Thread.currentThread();
        return current == hearing || current == speaking || playback.isCurrentThread();
    }

    /**
     * Ends the conversation at once, and closes source and sink. Waits for the server's answer, or 2 s; not if called by the listener,
     * the source or the sink. Idempotent.
     */
    @Override
    public void close() {
        if (ended.getCount() == 0 || closer.get() == Thread.currentThread()) {
            return;
        }
        if (closer.compareAndSet(null, Thread.currentThread())) {
            outcome.abandon();
            stop();
            playback.abandon();
            connection.close();
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (!isOwnThread() && !ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(
                        Level.WARNING,
                        "A conversation has not ended {0} s after its close: its source, its sink or its listener does not return",
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
