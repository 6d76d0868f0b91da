package io.github.moshivis.server.chat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.client.Message;
import io.github.moshivis.server.log.Events;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * All callers of one model and their shared state. One thread checks deadlines and positions in the queue; each conversation and each
 * picture change uses a pooled thread; waiting callers use none. Thread-safe.
 */
public final class ChatRoom implements AutoCloseable {
    /** Interval at which deadlines and positions are checked. */
    private static final Duration TICK = Duration.ofMillis(100);

    /** Maximum bytes of all waiting picture files; about a thousand of the usual size. */
    private static final long PICTURE_BYTES = 256L << 20;

    private final ChatOptions options;
    private final LongSupplier nanos;
    private final ServerInfo info;
    private final Reasons reasons;
    private final ByteBudget budget = new ByteBudget(PICTURE_BYTES);
    private final ChatMetrics metrics = new ChatMetrics(this);
    /** By number, the longest connected first. */
    private final Map<Long, Caller> callers = new ConcurrentSkipListMap<>();

    private final RatingKeys ratingKeys = new RatingKeys();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger turns = new AtomicInteger();
    private final ExecutorService work = Executors.newCachedThreadPool(Daemons.numbered("moshivis-talk-"));
    private final ScheduledExecutorService clock = Daemons.clock("moshivis-deadlines");
    private final Instant opened = Instant.now();
    /** Null until the model is loaded. */
    private volatile ModelFeatures features;

    /** Null until the model is loaded. */
    private volatile MoshiVis model;

    private volatile boolean stopping;

    /**
     * Creates a room that does not accept callers yet.
     *
     * @param options how callers are treated
     */
    public ChatRoom(ChatOptions options) {
        this(options, System::nanoTime);
    }

    /**
     * Creates a room with its own clock.
     *
     * @param options how callers are treated
     * @param nanos the clock of deadlines: nanoseconds from any origin
     */
    public ChatRoom(ChatOptions options, LongSupplier nanos) {
        this.options = options;
        this.nanos = nanos;
        this.info = new ServerInfo(options);
        this.reasons = new Reasons(options);
        clock.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Starts to accept callers.
     *
     * @param loaded the model; not owned
     * @param known features that callers can request
     */
    public void open(MoshiVis loaded, ModelFeatures known) {
        features = known;
        model = loaded;
    }

    /**
     * Returns whether callers are accepted.
     *
     * @return false before {@link #open}, and from {@link #drain} on
     */
    public boolean isOpen() {
        return model != null && !stopping;
    }

    /** Returns whether the room is draining. */
    boolean isStopping() {
        return stopping;
    }

    private void tick() {
        long now = now();
        for (Caller caller : callers.values()) {
            try {
                caller.tick(now);
            } catch (Throwable e) { // a failure of one caller must not stop the deadline checks of all callers
                Events.of("tick-failed").log(Level.ERROR, e);
            }
        }
    }

    /**
     * Parses a query. Must be called only while the room accepts callers.
     *
     * @param parameters decoded names and values
     * @return what is used
     * @throws BadQueryException if something cannot be read, or the model cannot do it
     */
    public Query query(Map<String, List<String>> parameters) {
        return Query.of(parameters, options, features);
    }

    /** Adds a caller of an open connection, whose conversation starts at once. */
    Caller enter(Query query, Line line) {
        return enter(query, Caller.Start.AT_ONCE, options.image(), line);
    }

    /**
     * Adds a caller of an open connection; call {@link Caller#begin} next.
     *
     * @param query requested settings
     * @param start event that starts the conversation
     * @param image whether it sends a picture
     * @param line connection to its client
     * @return the caller; pass it to {@link #left} when the connection is closed
     */
    public Caller enter(Query query, Caller.Start start, ChatOptions.ImageMode image, Line line) {
        long number = numbers.incrementAndGet();
        Caller caller = new Caller(this, query, start, image, number, line);
        callers.put(number, caller);
        return caller;
    }

    /**
     * Disconnects the caller that has been silent for longest: has sent neither a picture nor audio.
     *
     * @return false if there is none
     */
    boolean makesRoom() {
        return callers.values().stream().anyMatch(Caller::givesWay);
    }

    /**
     * Removes a caller whose connection is closed.
     *
     * @param caller who entered
     */
    public void left(Caller caller) {
        caller.gone();
        callers.values().remove(caller);
    }

    /**
     * Refuses new callers. Disconnects waiting callers at once; notifies talking callers and disconnects them after the timeout. Blocks until all
     * have left or the timeout has passed.
     *
     * @param timeout maximum time to wait for talking callers
     */
    public void drain(Duration timeout) {
        stopping = true;
        for (Caller caller : callers.values()) {
            if (caller.isTalking()) {
                caller.notice(new Message.Metadata("{\"stopping\":{\"seconds\":" + timeout.toSeconds() + "}}"));
            } else {
                caller.leave(CloseReason.STOPPING, Reasons.STOPPING);
            }
        }
        long until = now() + timeout.toNanos();
        while (talks() > 0 && now() < until) {
            pause();
        }
        callers.values().forEach(caller -> caller.leave(CloseReason.STOPPING, Reasons.STOPPING));
        while (turns.get() > 0 && now() < until + TimeUnit.SECONDS.toNanos(2)) {
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(TICK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the end of conversations", e);
        }
    }

    /**
     * Counts a rating, and stores it beside the recording if there is one. Only the first rating of a connection counts, during the
     * conversation or after it.
     *
     * @param key the rating key from the server's metadata; valid once
     * @param stars 1 to 5
     * @return false if the key is unknown or used; then the rating is not counted
     */
    public boolean rate(String key, int stars) {
        OptionalLong number = ratingKeys.use(key);
        number.ifPresent(known -> rated(known, stars));
        return number.isPresent();
    }

    private void rated(long number, int stars) {
        metrics.ratings.add(Integer.toString(stars));
        Events.of("rating").with("caller", number).with("stars", stars).log();
        options.record().ifPresent(directory -> {
            Path file = directory.resolve(baseName(number) + "-rating.json");
            try {
                Files.writeString(file, new ObjectMapper().writeValueAsString(Map.of("user_rating", stars)));
            } catch (IOException e) {
                Events.of("rating-not-written").with("file", file).log(Level.WARNING, e);
            }
        });
    }

    /**
     * Counts a page's feedback on a conversation.
     *
     * @param good whether it was good
     */
    public void feedback(boolean good) {
        metrics.feedback.add(good ? "1" : "0");
        Events.of("feedback").with("good", good).log();
    }

    private String baseName(long number) {
        return options.instance() + "-" + opened.getEpochSecond() + "-" + number;
    }

    Optional<Path> recording(long number) {
        return options.record().map(directory -> directory.resolve(baseName(number) + ".wav"));
    }

    /** Creates the key with which a caller can rate its conversation afterwards. */
    String ratingKey(long number) {
        return ratingKeys.create(number);
    }

    Message.Metadata metadata(Query query, long number, String ratingKey) {
        return info.metadata(query, baseName(number), ratingKey);
    }

    /**
     * Describes the server to a page before it connects.
     *
     * @param token whether it must send a token
     * @param nano whether the page shows the scenes and questions of the nano model
     * @return a JSON document
     */
    public String config(boolean token, boolean nano) {
        return info.config(token, nano, Optional.ofNullable(features));
    }

    /**
     * Writes all metrics.
     *
     * @return lines in Prometheus' text form
     */
    public String metricsText() {
        return metrics.text();
    }

    /**
     * Returns the number of free slots.
     *
     * @return 0 to the number of slots
     */
    public int freeSlots() {
        return model == null ? 0 : model.freeSlots();
    }

    /**
     * Returns the number of waiting callers.
     *
     * @return 0 to the maximum length of the queue
     */
    public int queueLength() {
        return model == null ? 0 : model.queueLength();
    }

    /** Counts the connections. */
    int callers() {
        return callers.size();
    }

    /** Returns the number of running conversations. */
    int talks() {
        return (int) callers.values().stream().filter(Caller::isTalking).count();
    }

    /** Returns the time on the clock of deadlines. */
    long now() {
        return nanos.getAsLong();
    }

    /**
     * Returns the speech-to-text model.
     *
     * @return the model; empty if the server was started without
     */
    public Optional<SpeechToText> speechToText() {
        return model().speechToText();
    }

    /** Capabilities of the model that callers can ask for. */
    ModelFeatures features() {
        return features;
    }

    MoshiVis model() {
        return model;
    }

    /**
     * Options that apply to callers.
     *
     * @return the options
     */
    public ChatOptions options() {
        return options;
    }

    Reasons reasons() {
        return reasons;
    }

    /** Counts a caller whose turn has come: it holds a thread, and a slot is in use by it or reserved for it. */
    void turnBegins() {
        turns.incrementAndGet();
    }

    void turnEnds() {
        turns.decrementAndGet();
    }

    ByteBudget budget() {
        return budget;
    }

    ChatMetrics metrics() {
        return metrics;
    }

    /**
     * Returns threads for work that blocks, such as a download.
     *
     * @return an executor whose threads do not keep the program alive, and log what their work throws
     */
    public Executor work() {
        return task -> work.execute(() -> {
            try {
                task.run();
            } catch (Throwable e) {
                Events.of("work-failed").log(Level.ERROR, e);
            }
        });
    }

    /** Disconnects all callers. The model stays open. */
    @Override
    public void close() {
        drain(Duration.ZERO);
        clock.shutdownNow();
        work.shutdown();
    }
}
