package io.github.moshivis.server;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.client.Message;
import io.github.moshivis.io.Image;
import io.github.moshivis.server.chat.ChatOptions;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.Gate;
import io.github.moshivis.server.chat.GateOptions;
import io.github.moshivis.server.chat.ModelFeatures;
import io.github.moshivis.server.chat.Protocol;
import io.github.moshivis.server.http.Page;
import io.github.moshivis.server.http.WebServer;
import io.github.moshivis.server.log.Events;
import io.github.moshivis.server.realtime.ImageUrls;
import io.github.moshivis.server.realtime.RealtimeProtocol;
import io.github.moshivis.server.telephone.AudioSocketServer;
import io.github.moshivis.server.telephone.Carrier;
import io.github.moshivis.server.telephone.PhoneClock;
import io.github.moshivis.server.telephone.TelephoneOptions;
import io.github.moshivis.server.transcription.AsrProtocol;
import io.github.moshivis.server.transcription.AsrUpload;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * The whole server: it answers requests as soon as it listens, and accepts callers when its model is loaded and warmed up. Used by one
 * thread, except for {@link #drain}.
 */
public final class Server implements AutoCloseable {
    /** Same as in the PyTorch server; output starts with the second frame. */
    private static final int WARMUP_FRAMES = 4;

    private static final int SIDE = 224;
    private static final Image BLACK = Image.rgb(SIDE, SIDE, new byte[3 * SIDE * SIDE]);

    private final ChatOptions options;
    private final ChatRoom room;
    private final WebServer web;
    private final PhoneClock phoneClock = new PhoneClock();
    private final TelephoneOptions telephone;
    private final ProtocolOptions protocols;
    private final Page page;
    private final AsrProtocol asr;
    private AudioSocketServer audioSocket;
    private MoshiVis model;

    /**
     * Creates a server that is not running yet.
     *
     * @param place address to listen on
     * @param gate access rules
     * @param options options for callers
     * @param page the page to serve
     * @param protocols options of the additional protocols
     */
    public Server(WebServer.Place place, GateOptions gate, ChatOptions options, Page page, ProtocolOptions protocols) {
        this(place, gate, new ChatRoom(options), page, protocols);
    }

    /** Creates a server around a room, which it owns. */
    Server(WebServer.Place place, GateOptions gate, ChatRoom room, Page page, ProtocolOptions protocols) {
        this.options = room.options();
        this.room = room;
        this.protocols = protocols;
        this.asr = new AsrProtocol(room);
        Gate door = new Gate(room, gate);
        this.telephone = new TelephoneOptions(
                room, door, phoneClock, protocols.telephonePicture().flatMap(Image::encodedBytes));
        this.web = new WebServer(place, room, door, page, spoken(), new AsrUpload(room, door));
        this.page = page;
    }

    private Map<String, Protocol> spoken() {
        Map<String, Protocol> all = new HashMap<>();
        all.put(Message.PATH, Protocol.reference(room));
        all.put(AsrProtocol.PATH, asr);
        all.put("/v1/realtime", new RealtimeProtocol(room, new ImageUrls(protocols.imageHosts())));
        for (Carrier carrier : Carrier.values()) {
            all.put(carrier.path(), carrier.protocol(telephone));
        }
        return all;
    }

    /**
     * Listens, loads the model, warms it up, and accepts callers.
     *
     * @param loading loads the model; the server owns the model and closes it, with its speech to text if it has some
     * @throws IOException if the port cannot be opened
     */
    public void start(Supplier<MoshiVis> loading) throws IOException {
        web.start();
        if (protocols.audioSocket().isPresent()) {
            audioSocket = new AudioSocketServer(protocols.audioSocket().get(), telephone);
        }
        long since = System.nanoTime();
        Events.of("listening")
                .with("url", web.address())
                .with("model", options.modelName())
                .log();
        model = loading.get();
        ModelFeatures features = ModelFeatures.of(model, options.voices());
        warmUp(features.standard(model.session()));
        room.open(model, features);
        Duration took = Duration.ofNanos(System.nanoTime() - since);
        Events.of("ready")
                .with("url", address())
                .with("slots", options.slots())
                .with("ms", took.toMillis())
                .log();
    }

    /**
     * Runs some frames before callers are accepted, because the first steps are slow and errors should appear at startup, such as those of
     * a telephone picture that cannot be decoded. The state after the default voice and role is cached for the first callers.
     */
    private void warmUp(SessionOptions begin) {
        boolean pictures = options.image() != ImageMode.NONE;
        try (Session session = pictures
                ? begin.image(protocols.telephonePicture().orElse(BLACK)).open()
                : begin.open()) {
            for (int i = 0; i < WARMUP_FRAMES; i++) {
                session.step(new float[Session.FRAME_SAMPLES]);
            }
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + ". Or start the server with --image none", e);
        }
    }

    /**
     * Returns the address to open in a browser.
     *
     * @return an address
     */
    public String address() {
        return web.address() + page.address();
    }

    /**
     * Returns the port.
     *
     * @return the port
     */
    public int port() {
        return web.port();
    }

    /**
     * Refuses new callers and waits until the running conversations have ended or the timeout has passed.
     *
     * @param timeout maximum time to wait
     */
    public void drain(Duration timeout) {
        Events.of("draining").with("seconds", timeout.toSeconds()).log();
        room.drain(timeout);
    }

    /**
     * Returns the port of AudioSocket.
     *
     * @return empty if AudioSocket is not enabled
     * @throws IOException if the AudioSocket server is closed
     */
    public OptionalInt audioSocketPort() throws IOException {
        return audioSocket == null ? OptionalInt.empty() : OptionalInt.of(audioSocket.port());
    }

    @Override
    public void close() {
        room.close();
        if (audioSocket != null) {
            audioSocket.close();
        }
        asr.close();
        phoneClock.close();
        web.close();
        if (model != null) {
            model.close();
            model.speechToText().ifPresent(SpeechToText::close);
        }
        Events.of("stopped").log();
    }
}
