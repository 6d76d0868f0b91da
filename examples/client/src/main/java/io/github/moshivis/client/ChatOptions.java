package io.github.moshivis.client;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Server and options of a conversation. Immutable; every setting returns a copy. Copies share the resources of one HTTP client, so start
 * many conversations from one instance. Created by {@link ChatClient#to}.
 */
public final class ChatOptions implements Cloneable {
    private static final Duration LONGEST = Duration.ofDays(365);

    /** Timeout of connecting, TLS and the upgrade. */
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** The PyTorch server reads the picture, and the MLX server warms up, before they answer. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(60);
    /** Same as in the web client. Source: its {@code Conversation.tsx}. */
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
     * Sets the query parameters.
     *
     * @param value the query parameters
     * @return a copy
     */
    public ChatOptions settings(ChatSettings value) {
        return with(copy -> copy.settings = Objects.requireNonNull(value, "settings"));
    }

    /**
     * Sets the picture, which is sent first. Without one, servers that require one end the conversation.
     *
     * @param encoded the bytes of a picture file; copied
     * @return a copy
     */
    public ChatOptions image(byte[] encoded) {
        byte[] bytes = encoded.clone();
        return with(copy -> copy.image = bytes);
    }

    /**
     * Sets the picture from a file, which is read at once.
     *
     * @param file a picture, as {@link Image#read} takes it
     * @return a copy
     * @throws IOException if the file cannot be read
     * @throws io.github.moshivis.errors.MediaException if it is too large for a picture
     */
    public ChatOptions image(Path file) throws IOException {
        return image(Image.read(file).encodedBytes().orElseThrow());
    }

    /**
     * Sets the access token of a server of this project.
     *
     * @param bearer sent as the {@code Authorization} header, never logged
     * @return a copy
     */
    public ChatOptions token(String bearer) {
        return with(copy -> copy.token = Objects.requireNonNull(bearer, "token"));
    }

    /**
     * Trusts any server, as the reference's terminal clients do, so that connections can be intercepted. For tests, and for servers with a
     * self-signed certificate on a private network.
     *
     * @return a copy
     */
    public ChatOptions trustAll() {
        return trust(Trust.anybody());
    }

    /**
     * Trusts only these certificates and those signed by them.
     *
     * @param pem a file with X.509 certificates, such as a server's self-signed one
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
     * Sets the audio format.
     *
     * @param value default {@link VoiceFormat#OPUS}
     * @return a copy
     */
    public ChatOptions format(VoiceFormat value) {
        return with(copy -> copy.format = Objects.requireNonNull(value, "format"));
    }

    /**
     * Sets the listener to messages besides the voice.
     *
     * @param value default none
     * @return a copy
     */
    public ChatOptions listener(ChatListener value) {
        return with(copy -> copy.listener = Objects.requireNonNull(value, "listener"));
    }

    /**
     * Sets the timeout of connecting.
     *
     * @param value default 10 s
     * @return a copy
     * @throws IllegalArgumentException if it is not more than zero
     */
    public ChatOptions connectTimeout(Duration value) {
        return with(copy -> copy.connectTimeout = positive("connectTimeout", value));
    }

    /**
     * Sets the timeout until the server is ready. It does not apply while the server sends positions in its queue. The PyTorch and MLX
     * servers send none, and nothing else while they serve another client.
     *
     * @param value default 60 s
     * @return a copy
     * @throws IllegalArgumentException if it is not more than zero
     */
    public ChatOptions handshakeTimeout(Duration value) {
        return with(copy -> copy.handshakeTimeout = positive("handshakeTimeout", value));
    }

    /**
     * Sets the timeout for messages from the server, and for writes to it, when it is ready.
     *
     * @param value default 10 s
     * @return a copy
     * @throws IllegalArgumentException if it is not more than zero
     */
    public ChatOptions silenceTimeout(Duration value) {
        return with(copy -> copy.silenceTimeout = positive("silenceTimeout", value));
    }

    /**
     * Sets the time without messages after the end of the user's audio until the conversation ends. Servers do not say when they have
     * answered everything; while more than a second of the answer is missing, the {@link #silenceTimeout} applies instead, so that a server
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
     * Sends a source that is not live as fast as the network allows, instead of in real time. Servers may drop audio that arrives too fast.
     *
     * @return a copy
     */
    public ChatOptions unpaced() {
        return with(copy -> copy.paced = false);
    }

    /**
     * Connects, and starts the conversation. Source and sink are not used before; the conversation opens and closes them, also if it does
     * not start. The source is opened when the server is ready, so that it does not lag from the start.
     *
     * @param source the user's voice
     * @param sink takes the model's voice
     * @return the conversation, which runs on its own threads
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

    /** Pause after which a conversation ends although a part of the answer is missing. */
    Duration slowLinger() {
        return linger.compareTo(silenceTimeout) > 0 ? linger : silenceTimeout;
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is a length of time: found " + value
                    + ", expected more than zero and at most " + LONGEST.toDays() + " days. Correct it");
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
