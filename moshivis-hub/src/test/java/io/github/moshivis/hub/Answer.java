package io.github.moshivis.hub;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** What the test hub is about to answer. Misbehavior is a change of it. */
public final class Answer {
    public int status = 200;
    final Map<String, String> headers = new LinkedHashMap<>();
    Content body = Content.of("");
    long from;
    long to;

    /** Bytes after which the connection is cut; none if negative. */
    public long cutAfter = -1;

    /** Pause after each chunk. */
    public long pauseMillis;

    public int chunkBytes = 16 << 10;

    /** A length other than the true one to announce; none if negative. */
    long announcedLength = -1;

    /** Hears of bytes that were sent. */
    interface Sent {
        void sent(int count, long upTo);
    }

    public static Answer status(int status) {
        Answer answer = new Answer();
        answer.status = status;
        return answer;
    }

    static Answer json(String json) {
        return new Answer().header("Content-Type", "application/json").body(Content.of(json));
    }

    public Answer header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    Answer body(Content content) {
        body = content;
        from = 0;
        to = content.size();
        return this;
    }

    /** Turns this into another answer altogether. */
    public void become(Answer other) {
        status = other.status;
        headers.clear();
        headers.putAll(other.headers);
        body(other.body);
    }

    void whole() {
        status = 200;
        headers.remove("Content-Range");
        from = 0;
        to = body.size();
    }

    void gzip() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body.read(from, (int) (to - from)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        header("Content-Encoding", "gzip");
        body(Content.of(out.toByteArray()));
    }

    void send(HttpExchange exchange, Sent sent) throws IOException {
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        long length = announcedLength >= 0 ? announcedLength : to - from;
        if (exchange.getRequestMethod().equals("HEAD")) {
            if (status == 200) {
                exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
            }
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
        try (OutputStream out = exchange.getResponseBody()) {
            long end = cutAfter >= 0 ? Math.min(from + cutAfter, to) : to;
            end = Math.min(end, from + length);
            for (long at = from; at < end; ) {
                int count = (int) Math.min(chunkBytes, end - at);
                out.write(body.read(at, count));
                out.flush();
                at += count;
                sent.sent(count, at);
                pause();
            }
            if (end - from < length) {
                exchange.close(); // in the middle of the body: the connection is cut
            }
        }
    }

    private void pause() throws IOException {
        if (pauseMillis > 0) {
            try {
                Thread.sleep(pauseMillis);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
