package io.github.moshivis.server.transcription;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.audio.OggOpus;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.server.chat.BadQueryException;
import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.Gate;
import io.github.moshivis.server.log.Events;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Transcribes an audio file posted to {@value AsrProtocol#PATH}; the answer is a JSON list of words and their ends. Each upload uses a thread
 * of the room, and none of those that answer other requests.
 */
public final class AsrUpload extends Handler.Abstract.NonBlocking {
    /** Some hours of Opus, 20 minutes of WAV. */
    private static final int MAX_BYTES = 256 << 20;

    /** Maximum length, since a few bytes can state hours of silence, and a slot is taken until their end. */
    private static final Duration LONGEST = Duration.ofHours(4);

    /** Maximum number of uploads at a time. */
    private static final int MAX_UPLOADS = 16;

    /** Minimum bytes per second of an upload, measured from its beginning. */
    private static final int SLOWEST = 1024;

    private static final int GRACE_SECONDS = 20;

    private static final String TEXT = "text/plain;charset=utf-8";
    private static final String NO_CHANNELS = "no free channels";

    /** First bytes of an Ogg file. */
    private static final String OGG = "OggS";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChatRoom room;
    private final Gate gate;
    private final Semaphore uploads = new Semaphore(MAX_UPLOADS);

    /**
     * Creates the handler.
     *
     * @param room the room whose model transcribes
     * @param gate access rules
     */
    public AsrUpload(ChatRoom room, Gate gate) {
        this.room = room;
        this.gate = gate;
    }

    /** The body cannot be used; the message is for the client. */
    private static final class BadBodyException extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;

        BadBodyException(int status, String message, IOException cause) {
            super(message, cause);
            this.status = status;
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!AsrProtocol.PATH.equals(Request.getPathInContext(request)) || !HttpMethod.POST.is(request.getMethod())) {
            return false;
        }
        try {
            gate.pass(request);
            SpeechToText stt = AsrProtocol.stt(room);
            if (uploads.tryAcquire()) {
                receive(stt, request, response, callback);
            } else {
                answer(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, TEXT, NO_CHANNELS);
            }
        } catch (Gate.RefusedException e) {
            gate.refused(Request.getRemoteAddr(request), e);
            answer(response, callback, e.status(), TEXT, e.getMessage());
        } catch (BadQueryException e) {
            answer(response, callback, HttpStatus.BAD_REQUEST_400, TEXT, e.getMessage());
        }
        return true;
    }

    private void receive(SpeechToText stt, Request request, Response response, Callback callback) {
        try {
            room.work().execute(() -> {
                try {
                    transcribe(stt, request, response, callback);
                } finally {
                    uploads.release();
                }
            });
        } catch (RuntimeException | Error e) { // no thread, or no executor any more
            uploads.release();
            throw e;
        }
    }

    private static void transcribe(SpeechToText stt, Request request, Response response, Callback callback) {
        try {
            Path file = Files.createTempFile("moshivis-asr-", ".sound");
            try {
                copy(request, file);
                answer(response, callback, HttpStatus.OK_200, "application/json", words(stt, file, LONGEST));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (BadBodyException e) {
            answer(response, callback, e.status, TEXT, e.getMessage());
        } catch (MediaException e) {
            answer(response, callback, HttpStatus.BAD_REQUEST_400, TEXT, e.getMessage());
        } catch (ConversationException e) {
            Events.of("transcription-refused").log(Level.INFO, e);
            answer(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, TEXT, NO_CHANNELS);
        } catch (Throwable e) { // an Error too: the client must be told
            Events.of("transcription-failed").log(Level.WARNING, e);
            answer(response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500, TEXT, "the transcription failed");
        }
    }

    private static void copy(Request request, Path file) throws IOException {
        byte[] block = new byte[1 << 16];
        long total = 0;
        long start = System.nanoTime();
        try (InputStream in = Content.Source.asInputStream(request);
                OutputStream out = Files.newOutputStream(file)) {
            for (int read = read(in, block); read >= 0; read = read(in, block)) {
                total += read;
                if (total > MAX_BYTES) {
                    throw new BadBodyException(
                            HttpStatus.PAYLOAD_TOO_LARGE_413,
                            "The sound is too large: expected at most " + MAX_BYTES
                                    + " bytes. Send it as Opus, or in parts",
                            null);
                }
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
                if (total < SLOWEST * (seconds - GRACE_SECONDS)) {
                    throw new BadBodyException(
                            HttpStatus.REQUEST_TIMEOUT_408,
                            "The sound arrives too slowly: found " + total + " bytes in " + seconds
                                    + " s, expected more. Send it over a faster network",
                            null);
                }
                out.write(block, 0, read);
            }
        }
    }

    private static int read(InputStream in, byte[] block) throws BadBodyException {
        try {
            return in.read(block);
        } catch (IOException e) {
            throw new BadBodyException(
                    HttpStatus.REQUEST_TIMEOUT_408, "The sound did not arrive: " + e.getMessage() + ". Try again", e);
        }
    }

    /** Transcribes a file; package-private for its test, with a limit of its length. */
    static String words(SpeechToText stt, Path file, Duration longest) throws IOException {
        ArrayNode list = JSON.createArrayNode();
        try (AsrStream stream = new AsrStream(stt, message -> {
                    ObjectNode node = message.json(JSON);
                    if (node != null) {
                        list.add(node);
                    }
                });
                AudioSource source = source(file)) {
            source.open();
            float[] block = new float[AudioSource.FRAME_SAMPLES];
            long left = longest.toMillis() * AudioSource.SAMPLE_RATE / 1000;
            for (int read = source.read(block, 0, block.length);
                    read >= 0;
                    read = source.read(block, 0, block.length)) {
                left -= read;
                if (left < 0) {
                    throw new BadBodyException(
                            HttpStatus.PAYLOAD_TOO_LARGE_413,
                            "The sound is too long: expected at most " + longest.toSeconds() + " s. Send it in parts",
                            null);
                }
                stream.hear(Arrays.copyOf(block, read));
            }
            stream.finish();
        }
        return JSON.writeValueAsString(list);
    }

    /** By content, since uploads have no names. */
    private static AudioSource source(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            boolean isOgg = new String(in.readNBytes(OGG.length()), StandardCharsets.ISO_8859_1).equals(OGG);
            return isOgg ? OggOpus.source(file) : WavFile.source(file);
        }
    }

    private static void answer(Response response, Callback callback, int status, String type, String body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.write(true, StandardCharsets.UTF_8.encode(body + "\n"), callback);
    }
}
