package io.github.moshivis.client;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * With which server to talk, and how. Immutable; every setting returns a copy. Copies share the resources of one HTTP client, so that
 * many conversations are best started from one of these. Made by {@link ChatClient#to}.
 */
public final class ChatOptions implements Cloneable {
    /** Connecting, TLS and the answer to the upgrade. */
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** The PyTorch server reads the picture, and the MLX server warms up, before they answer. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(60);
    /** After this the web client gives up too. Source: its {@code Conversation.tsx}. */
    private static final Duration SILENCE = Duration.ofSeconds(10);
    /** More than the delay of any server that keeps up. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final URI chat;
    private HttpClient http = HttpClient.newHttpClient();
    private ChatSettings settings = ChatSettings.defaults();
    private byte[] image;
    private String token;
    private VoiceFormat format = VoiceFormat.OPUS;
    private ChatListener listener = new ChatListener() {};
    private Duration connectTimeout = CONNECT;
    private Duration handshakeTimeout = HANDSHAKE;
    private Duration silenceTimeout = SILENCE;
    private Duration linger = LINGER;
    private boolean paced = true;

    ChatOptions(URI chat) {
        this.chat = chat;
    }

    /**
     * Sets what the server is asked for.
     *
     * @param value the query parameters
     * @return a copy
     */
    public ChatOptions settings(ChatSettings value) {
        return with(copy -> copy.settings = Objects.requireNonNull(value, "settings"));
    }

    /**
     * Sets the picture to talk about; it is sent first of all. Without one, servers that need one end the conversation.
     *
     * @param encoded a picture as files hold it; copied
     * @return a copy
     */
    public ChatOptions image(byte[] encoded) {
        byte[] bytes = encoded.clone();
        return with(copy -> copy.image = bytes);
    }

    /**
     * Sets the picture to talk about, which is read at once.
     *
     * @param file a picture
     * @return a copy
     * @throws IOException if the file cannot be read
     */
    public ChatOptions image(Path file) throws IOException {
        return image(Files.readAllBytes(file));
    }

    /**
     * Sets the token that our server may want.
     *
     * @param bearer sent as the {@code Authorization} header, never logged
     * @return a copy
     */
    public ChatOptions token(String bearer) {
        return with(copy -> copy.token = Objects.requireNonNull(bearer, "token"));
    }

    /**
     * Trusts any server, as the reference's terminal clients do: somebody on the way could listen and answer. For tests, and for servers
     * with a certificate of their own making on a network of one's own.
     *
     * @return a copy
     */
    public ChatOptions trustAll() {
        return trust(Trust.anybody());
    }

    /**
     * Trusts these certificates and what they have signed, and no others.
     *
     * @param pem a file with X.509 certificates, such as the one that our server made for itself
     * @return a copy
     * @throws IllegalArgumentException if the file has none
     */
    public ChatOptions trust(Path pem) {
        return trust(Trust.certificates(pem));
    }

    private ChatOptions trust(SSLContext context) {
        return with(
                copy -> copy.http = HttpClient.newBuilder().sslContext(context).build());
    }

    /**
     * Sets how voices travel.
     *
     * @param value default {@link VoiceFormat#OPUS}
     * @return a copy
     */
    public ChatOptions format(VoiceFormat value) {
        return with(copy -> copy.format = Objects.requireNonNull(value, "format"));
    }

    /**
     * Sets who hears what the server says besides the voice.
     *
     * @param value by default nobody
     * @return a copy
     */
    public ChatOptions listener(ChatListener value) {
        return with(copy -> copy.listener = Objects.requireNonNull(value, "listener"));
    }

    /**
     * Sets how long connecting may take.
     *
     * @param value default 10 s
     * @return a copy
     * @throws IllegalArgumentException if it is not more than zero
     */
    public ChatOptions connectTimeout(Duration value) {
        return with(copy -> copy.connectTimeout = positive("connectTimeout", value));
    }

    /**
     * Sets how long a server may be silent before it is ready. While it tells a place in its queue there is no limit. The PyTorch and MLX
     * servers tell none: they say nothing while they talk with somebody else.
     *
     * @param value default 60 s
     * @return a copy
     * @throws IllegalArgumentException if it is not more than zero
     */
    public ChatOptions handshakeTimeout(Duration value) {
        return with(copy -> copy.handshakeTimeout = positive("handshakeTimeout", value));
    }

    /**
     * Sets how long a server may be silent, or read nothing, once it was ready.
     *
     * @param value default 10 s
     * @return a copy
     * @throws IllegalArgumentException if it is not more than zero
     */
    public ChatOptions silenceTimeout(Duration value) {
        return with(copy -> copy.silenceTimeout = positive("silenceTimeout", value));
    }

    /**
     * Sets how long the server must have been silent after the user's last word until the conversation ends. No server says when it has
     * answered everything; while more than a second of the answer is missing, the {@link #silenceTimeout} holds instead, so that a server
     * slower than real time is heard to its end.
     *
     * @param value default 2 s
     * @return a copy
     * @throws IllegalArgumentException if it is not more than zero
     */
    public ChatOptions linger(Duration value) {
        return with(copy -> copy.linger = positive("linger", value));
    }

    /**
     * Sends a source that is not live as fast as the network takes it, instead of at the pace of speech. Servers may drop what comes faster
     * than they answer.
     *
     * @return a copy
     */
    public ChatOptions unpaced() {
        return with(copy -> copy.paced = false);
    }

    /**
     * Connects, and starts the conversation. Both ends are inert until then; the conversation opens and closes them, also if it does not
     * start. The source is opened when the server is ready, so that it is not behind from the beginning.
     *
     * @param source the user's voice
     * @param sink takes the model's voice
     * @return the conversation, which goes on by itself
     * @throws io.github.moshivis.errors.ConversationException if the server cannot be reached or refuses, or the sink cannot be opened
     */
    public ChatClient start(AudioSource source, AudioSink sink) {
        return ChatClient.start(this, source, sink);
    }

    Connection connect() {
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(connectTimeout);
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        String query = format.announce(settings).query();
        return Connection.open(ServerAddress.with(chat, query), builder, silenceTimeout);
    }

    Optional<Message> firstMessage() {
        return Optional.ofNullable(image).map(Message.Image::new);
    }

    Speech speech(AudioSource source) {
        return new Speech(source, format, paced);
    }

    VoiceFormat.Decoder decoder() {
        return format.decoder();
    }

    ChatListener listener() {
        return listener;
    }

    Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    Duration silenceTimeout() {
        return silenceTimeout;
    }

    Duration linger() {
        return linger;
    }

    /** The pause that ends a conversation of which a part of the answer is missing. */
    Duration slowLinger() {
        return linger.compareTo(silenceTimeout) > 0 ? linger : silenceTimeout;
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    name + " is a length of time: found " + value + ", expected more than zero. Correct it");
        }
        return value;
    }

    private ChatOptions with(Consumer<ChatOptions> change) {
        ChatOptions copy = clone();
        change.accept(copy);
        return copy;
    }

    @Override
    protected ChatOptions clone() {
        try {
            return (ChatOptions) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return "ChatOptions[" + chat + ", " + format + ", " + (image == null ? "no picture" : "a picture") + "]";
    }
}
