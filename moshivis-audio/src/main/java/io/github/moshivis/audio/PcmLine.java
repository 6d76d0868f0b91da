package io.github.moshivis.audio;

import io.github.moshivis.io.AudioPipe;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Both directions of a call in the host's own format, for hosts with frames of bytes: messages of a WebSocket, packets of a telephone line.
 * The host passes in the user's audio and takes the model's audio; neither call blocks.
 *
 * <pre>{@code
 * PcmLine line = PcmLine.of(new RawPcm(8_000, 1, PcmEncoding.MU_LAW), Duration.ofSeconds(10));
 * Conversation conversation = model.session().start(line.source(), line.sink());
 * line.receive(packet); // for each packet from the caller
 * line.send(packet); // every 20 ms, to the caller
 * }</pre>
 *
 * <p>Sound that nobody takes is kept as long as the capacity says, then its oldest part is dropped. One thread may receive while another sends.
 */
public final class PcmLine implements AutoCloseable {
    private final RawPcm format;
    private final AudioPipe heard;
    private final AudioPipe spoken;
    private final AudioSource source;
    private final AudioSink sink;

    private PcmLine(RawPcm format, Duration capacity) {
        this.format = format;
        // The pipes hold samples in the host's format, and count time as if they were 24 kHz mono.
        double scale = (double) format.rate() * format.channels() / AudioSource.SAMPLE_RATE;
        Duration scaled = Duration.ofNanos((long) (TimeUnit.NANOSECONDS.convert(capacity) * scale));
        heard = AudioPipe.droppingOldest(scaled);
        spoken = AudioPipe.droppingOldest(scaled);
        source = Resampled.from(format.rate(), format.channels(), heard.source());
        sink = Resampled.to(format.rate(), format.channels(), spoken.sink());
    }

    /**
     * Opens a line.
     *
     * @param format format of both directions
     * @param capacity maximum buffered audio in each direction; some seconds suffice, because the model speaks in real time
     * @return a line for one conversation
     * @throws IllegalArgumentException if a number of the format or the capacity is outside its limits
     */
    public static PcmLine of(RawPcm format, Duration capacity) {
        return new PcmLine(Objects.requireNonNull(format, "format"), Objects.requireNonNull(capacity, "capacity"));
    }

    /**
     * Returns the user's voice, for the conversation.
     *
     * @return always the same live source
     */
    public AudioSource source() {
        return source;
    }

    /**
     * Returns the model's voice, for the conversation.
     *
     * @return always the same sink
     */
    public AudioSink sink() {
        return sink;
    }

    /**
     * Takes audio of the user.
     *
     * @param bytes whole samples of all channels, from the buffer's position to its limit; its byte order is set
     * @throws IllegalArgumentException if they are not whole samples
     * @throws IOException if the conversation has ended
     */
    public void receive(ByteBuffer bytes) throws IOException {
        Objects.requireNonNull(bytes, "bytes");
        float[] samples = new float[count(bytes)];
        format.encoding().decode(bytes, samples, 0, samples.length);
        heard.sink().write(samples, 0, samples.length);
    }

    /**
     * Fills a buffer with audio of the model, or with silence if there is not enough yet.
     *
     * @param bytes room for whole samples of all channels, from the buffer's position to its limit; its byte order is set
     * @return whether it is speech
     * @throws IllegalArgumentException if there is no room for whole samples
     * @throws IOException if the thread is interrupted
     */
    public boolean send(ByteBuffer bytes) throws IOException {
        Objects.requireNonNull(bytes, "bytes");
        float[] samples = new float[count(bytes)];
        boolean speech = samples.length > 0 && spoken.available() >= samples.length;
        if (speech) {
            spoken.source().read(samples, 0, samples.length);
        }
        format.encoding().encode(samples, 0, samples.length, bytes);
        return speech;
    }

    private int count(ByteBuffer bytes) {
        int size = format.encoding().bytesPerSample() * format.channels();
        if (bytes.remaining() % size != 0) {
            throw new IllegalArgumentException(
                    "Found a frame of " + bytes.remaining() + " bytes, expected whole samples of " + size + " bytes: "
                            + format + ". Check the format, or keep the rest for the next frame");
        }
        return bytes.remaining() / format.encoding().bytesPerSample();
    }

    /** Hangs up: ends the user's voice; the conversation ends when it has answered everything it heard. Idempotent. */
    @Override
    public void close() throws IOException {
        heard.sink().close();
    }
}
