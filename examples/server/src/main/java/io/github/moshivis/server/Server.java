package io.github.moshivis.server;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.server.chat.ChatOptions;
import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.GateOptions;
import io.github.moshivis.server.http.Page;
import io.github.moshivis.server.http.WebServer;
import io.github.moshivis.server.log.Events;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The whole server: it answers as soon as it listens, and takes callers when its model is loaded and warm. Used by one thread, but for
 * {@link #drain}.
 */
public final class Server implements AutoCloseable {
    private final ChatOptions options;
    private final ChatRoom room;
    private final WebServer web;
    private final Page page;
    private MoshiVis model;

    /**
     * Creates a server that does nothing yet.
     *
     * @param place where it will listen
     * @param gate who may come
     * @param options how callers are treated
     * @param page what they see
     */
    public Server(WebServer.Place place, GateOptions gate, ChatOptions options, Page page) {
        this.options = options;
        this.room = new ChatRoom(options);
        this.web = new WebServer(place, room, gate, page);
        this.page = page;
    }

    /**
     * Listens, loads the model, warms it up, and takes callers.
     *
     * @param loading loads the model, which the server owns then
     * @throws IOException if the port cannot be had
     */
    public void start(Supplier<MoshiVis> loading) throws IOException {
        web.start();
        long since = System.nanoTime();
        Events.of("listening")
                .with("url", web.address())
                .with("model", options.modelName())
                .log();
        model = loading.get();
        Warmup.run(model, options.image());
        room.open(model);
        Duration took = Duration.ofNanos(System.nanoTime() - since);
        Events.of("ready")
                .with("url", address())
                .with("slots", options.slots())
                .with("ms", took.toMillis())
                .log();
    }

    /**
     * What to open in a browser.
     *
     * @return an address
     */
    public String address() {
        return web.address() + page.address();
    }

    /**
     * Where it listens.
     *
     * @return the port
     */
    public int port() {
        return web.port();
    }

    /**
     * Lets the talks come to their end, and takes no more. Waits for that.
     *
     * @param patience how long they may go on
     */
    public void drain(Duration patience) {
        Events.of("draining").with("seconds", patience.toSeconds()).log();
        room.drain(patience);
    }

    @Override
    public void close() {
        room.close();
        web.close();
        if (model != null) {
            model.close();
        }
        Events.of("stopped").log();
    }
}
