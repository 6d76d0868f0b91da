package io.github.moshivis.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Handler of a server's messages. Used by one thread; counters and states may be read by any thread. */
final class Reception {
    private static final System.Logger LOG = System.getLogger(Reception.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Failures of the listener that are logged, the first ones. */
    private static final int LOGGED_FAILURES = 10;

    private final ChatListener listener;
    private final VoiceFormat.Decoder decoder;
    private final Playback playback;
    private final Connection connection;
    private CompletableFuture<?> pingAnswer = CompletableFuture.completedFuture(null);
    private int failures;
    private volatile boolean ready;
    private volatile boolean queued;
    private volatile String lastError;
    private volatile long samples;
    private volatile long pieces;
    private volatile long malformed;

    Reception(ChatListener listener, VoiceFormat.Decoder decoder, Playback playback, Connection connection) {
        this.listener = listener;
        this.decoder = decoder;
        this.playback = playback;
        this.connection = connection;
    }

    /** Returns whether the server is ready for audio. */
    boolean isReady() {
        return ready;
    }

    /** Returns whether the last message of the server was a position in its queue. */
    boolean isQueued() {
        return queued;
    }

    /** Returns the server's error, if that was its last message. */
    Optional<String> lastError() {
        return Optional.ofNullable(lastError);
    }

    /** Returns the traffic so far. */
    ChatStatistics statistics(long spokenSamples) {
        return new ChatStatistics(duration(spokenSamples), duration(samples), pieces, malformed);
    }

    private static Duration duration(long samples) {
        return Duration.ofNanos(samples * NANOS_PER_SECOND / AudioSource.SAMPLE_RATE);
    }

    /**
     * Handles a message.
     *
     * @throws IOException if the voice cannot be played
     * @throws io.github.moshivis.errors.MediaException if the voice cannot be decoded
     */
    void accept(ByteBuffer bytes) throws IOException {
        Message message;
        try {
            message = Message.decode(bytes);
        } catch (MalformedMessageException e) {
            malformed++;
            LOG.log(Level.WARNING, "A message of " + connection.address() + " was passed over", e);
            return;
        }
        lastError = message instanceof Message.Error error ? error.reason() : null;
        if (message instanceof Message.Audio audio) {
            float[] pcm = decoder.decode(audio.bytes());
            samples += pcm.length;
            playback.add(pcm);
        } else {
            tell(message);
        }
    }

    private void tell(Message message) {
        try {
            if (message instanceof Message.ColoredText text) {
                pieces++;
                listener.onText(text.text(), OptionalInt.of(text.level()));
            } else if (message instanceof Message.Text text) {
                pieces++;
                listener.onText(text.text(), OptionalInt.empty());
            } else if (message instanceof Message.UserWord word) {
                listener.onUserWord(word);
            } else if (message instanceof Message.UserTurn turn) {
                listener.onUserTurn(turn);
            } else if (message instanceof Message.Handshake handshake) {
                ready = true;
                queued = false;
                listener.onHandshake(handshake);
            } else if (message instanceof Message.Metadata metadata) {
                metadata(metadata.json());
            } else if (message instanceof Message.Error error) {
                listener.onError(error.reason());
            } else if (message instanceof Message.Ping ping) {
                answer(ping);
                listener.onPing();
            }
        } catch (Throwable e) { // an Error too, such as a failed assertion: the conversation continues
            if (failures < LOGGED_FAILURES) { // an endless conversation would fill the log
                failures++;
                Quietly.warn("The listener of a conversation failed", e);
            }
        }
        Thread.interrupted(); // the listener may have left one, which would end the conversation
    }

    private void metadata(String json) {
        OptionalInt position = queuePosition(json);
        queued = position.isPresent();
        if (queued) {
            listener.onQueue(position.getAsInt());
        } else {
            listener.onMetadata(json);
        }
    }

    private static OptionalInt queuePosition(String json) {
        try {
            JsonNode position = JSON.readTree(json).path("queue").path("position");
            return position.isInt() ? OptionalInt.of(position.intValue()) : OptionalInt.empty();
        } catch (JsonProcessingException e) {
            return OptionalInt.empty(); // the listener reports it
        }
    }

    /** Releases the decoder. */
    void close() {
        Quietly.close(decoder, "decoder");
    }

    /** Answers pings; several at once get one answer. */
    private void answer(Message.Ping ping) {
        if (pingAnswer.isDone()) {
            pingAnswer = connection.send(ping);
        }
    }
}
