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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * All callers of one model, and what they share. One thread of its own looks after deadlines and positions in the queue; each talk,
 * and each change of a picture, has a thread of a pool while it lasts; callers that wait have none. Safe for all threads.
 */
public final class ChatRoom implements AutoCloseable {
    /** Interval at which deadlines and positions are checked. */
    private static final Duration TICK = Duration.ofMillis(100);

    /** Pictures of all callers that wait, as sent; a thousand of the usual size. */
    private static final long PICTURE_BYTES = 256L << 20;

    private final ChatOptions options;
    private final LongSupplier nanos;
    private final ServerInfo info;
    private final Reasons reasons;
    private final ByteBudget budget = new ByteBudget(PICTURE_BYTES);
    private final ChatMetrics metrics = new ChatMetrics(this);
    private final Set<Caller> callers = ConcurrentHashMap.newKeySet();
    private final RatingKeys ratingKeys = new RatingKeys();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger turns = new AtomicInteger();
    private final ExecutorService work = Executors.newCachedThreadPool(Daemons.numbered("moshivis-talk-"));
    private final ScheduledExecutorService clock = Daemons.clock("moshivis-deadlines");
    private final Instant opened = Instant.now();
    /** Null until the model is loaded. */
    private volatile ModelFeatures features;

    /** Null until it is loaded. */
    private volatile MoshiVis model;

    private volatile boolean stopping;

    /**
     * Creates a room that takes no callers yet.
     *
     * @param options how callers are treated
     */
    public ChatRoom(ChatOptions options) {
        this(options, System::nanoTime);
    }

    /**
     * Creates a room with a clock of its own.
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
     * Takes callers from now on.
     *
     * @param loaded whom they talk with; not owned
     * @param known what callers can ask of it
     */
    public void open(MoshiVis loaded, ModelFeatures known) {
        features = known;
        model = loaded;
    }

    /**
     * Returns whether callers are taken.
     *
     * @return false before {@link #open}, and from {@link #drain} on
     */
    public boolean isOpen() {
        return model != null && !stopping;
    }

    /** Returns whether the last callers are leaving. */
    boolean isStopping() {
        return stopping;
    }

    private void tick() {
        long now = now();
        for (Caller caller : callers) {
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

    /** A caller for a connection that stands, whose talk begins at once. */
    Caller enter(Query query, Line line) {
        return enter(query, Caller.Start.AT_ONCE, options.image(), line);
    }

    /**
     * A caller for a connection that stands; its {@link Caller#begin} is to be called next.
     *
     * @param query what it asked for
     * @param start when its talk begins
     * @param image whether it brings a picture
     * @param line to its client
     * @return the caller, who is to be given to {@link #left} when the connection is closed
     */
    public Caller enter(Query query, Caller.Start start, ChatOptions.ImageMode image, Line line) {
        Caller caller = new Caller(this, query, start, image, numbers.incrementAndGet(), line);
        callers.add(caller);
        return caller;
    }

    /**
     * A caller's connection is closed.
     *
     * @param caller who entered
     */
    public void left(Caller caller) {
        caller.gone();
        callers.remove(caller);
    }

    /**
     * Refuses new callers. Disconnects waiting callers at once; notifies talking callers and disconnects them after the timeout. Blocks until all
     * have left or the timeout has passed.
     *
     * @param timeout maximum time to wait for talking callers
     */
    public void drain(Duration timeout) {
        stopping = true;
        for (Caller caller : callers) {
            if (caller.isTalking()) {
                caller.notice(new Message.Metadata("{\"stopping\":{\"seconds\":" + timeout.toSeconds() + "}}"));
            } else {
                caller.leave(Farewell.STOPPING, Reasons.STOPPING);
            }
        }
        long until = now() + timeout.toNanos();
        while (talks() > 0 && now() < until) {
            pause();
        }
        callers.forEach(caller -> caller.leave(Farewell.STOPPING, Reasons.STOPPING));
        while (turns.get() > 0 && now() < until + TimeUnit.SECONDS.toNanos(2)) {
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(TICK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while talks came to their end", e);
        }
    }

    /**
     * Notes a rating, beside the recording if there is one. The first one of a connection counts, during the talk or after it.
     *
     * @param key the rating key from the server's metadata; valid once
     * @param stars 1 to 5
     * @return false if there is no such key any more; the rating is not counted
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
     * Counts a page's opinion of a talk.
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

    /** Creates the key by which a caller rates its talk when it is over. */
    String ratingKey(long number) {
        return ratingKeys.create(number);
    }

    Message.Metadata metadata(Query query, long number, String ratingKey) {
        return info.metadata(query, baseName(number), ratingKey);
    }

    /**
     * Describes the server to a page before it connects.
     *
     * @param token whether it has to show a token
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
     * Counts the talks that could begin now.
     *
     * @return 0 to the number of slots
     */
    public int freeSlots() {
        return model == null ? 0 : model.freeSlots();
    }

    /**
     * Counts the callers that wait.
     *
     * @return 0 to the longest queue
     */
    public int queueLength() {
        return model == null ? 0 : model.queueLength();
    }

    /** Counts the connections. */
    int callers() {
        return callers.size();
    }

    /** Counts the callers that talk. */
    int talks() {
        return (int) callers.stream().filter(Caller::isTalking).count();
    }

    /** The clock of deadlines. */
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

    /** Counts a caller whose turn has come: it holds a thread and either has a slot or is reserved one. */
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
     * Threads for work that waits, such as a fetch.
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

    /** Sends all callers away. The model stays open. */
    @Override
    public void close() {
        drain(Duration.ZERO);
        clock.shutdownNow();
        work.shutdown();
    }
}
