package io.github.moshivis.server.transcription;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Arrays;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Transcribes an audio file posted to {@value AsrProtocol#PATH}; the answer is a JSON list of words and their ends. */
public final class AsrUpload extends Handler.Abstract {
    /** Some hours of Opus, 20 minutes of WAV. */
    private static final int MAX_BYTES = 256 << 20;

    /** First bytes of an Ogg file. */
    private static final String OGG = "OggS";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChatRoom room;
    private final Gate gate;

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

    /** The body is too large. */
    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        if (!AsrProtocol.PATH.equals(Request.getPathInContext(request)) || !HttpMethod.POST.is(request.getMethod())) {
            return false;
        }
        Path file = Files.createTempFile("moshivis-asr-", ".sound");
        try {
            gate.pass(request);
            copy(request, file);
            answer(response, callback, HttpStatus.OK_200, "application/json", words(file));
        } catch (Gate.RefusedException e) {
            gate.refused(Request.getRemoteAddr(request), e);
            answer(response, callback, e.status(), "text/plain;charset=utf-8", e.getMessage());
        } catch (TooLargeException e) {
            answer(
                    response,
                    callback,
                    HttpStatus.PAYLOAD_TOO_LARGE_413,
                    "text/plain;charset=utf-8",
                    "The sound is too large: expected at most " + MAX_BYTES + " bytes. Send it as Opus, or in parts");
        } catch (BadQueryException | MediaException e) {
            answer(response, callback, HttpStatus.BAD_REQUEST_400, "text/plain;charset=utf-8", e.getMessage());
        } catch (ConversationException e) {
            Events.of("transcription-refused").log(Level.INFO, e);
            answer(
                    response,
                    callback,
                    HttpStatus.SERVICE_UNAVAILABLE_503,
                    "text/plain;charset=utf-8",
                    "no free channels");
        } finally {
            Files.deleteIfExists(file);
        }
        return true;
    }

    private static void copy(Request request, Path file) throws IOException {
        byte[] block = new byte[1 << 16];
        long total = 0;
        try (InputStream in = Content.Source.asInputStream(request);
                OutputStream out = Files.newOutputStream(file)) {
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                total += read;
                if (total > MAX_BYTES) {
                    throw new TooLargeException();
                }
                out.write(block, 0, read);
            }
        }
    }

    private String words(Path file) throws IOException {
        ArrayNode list = JSON.createArrayNode();
        try (AsrStream stream = new AsrStream(AsrProtocol.stt(room), message -> {
                    ObjectNode node = message.json(JSON);
                    if (node != null) {
                        list.add(node);
                    }
                });
                AudioSource source = source(file)) {
            source.open();
            float[] block = new float[AudioSource.FRAME_SAMPLES];
            for (int read = source.read(block, 0, block.length);
                    read >= 0;
                    read = source.read(block, 0, block.length)) {
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
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.write(true, StandardCharsets.UTF_8.encode(body + "\n"), callback);
    }
}
