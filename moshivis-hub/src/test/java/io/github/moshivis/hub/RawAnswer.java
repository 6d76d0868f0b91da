package io.github.moshivis.hub;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** An answer of HTTP/1.1 as it goes over the wire: lines that need not be headers, and bytes that need not be as many as these say. */
final class RawAnswer {
    String status;
    final List<String> headers;
    byte[] body;

    /** Bytes of the body after which the connection ends. */
    int cutAfter = Integer.MAX_VALUE;

    RawAnswer(String head, byte[] body) {
        List<String> lines = Arrays.asList(head.split("\r\n"));
        this.status = lines.get(0);
        this.headers = new ArrayList<>(lines.subList(1, lines.size()));
        this.body = body;
    }

    boolean isJson() {
        return body.length > 0 && (body[0] == '{' || body[0] == '[');
    }

    /** Where a header stands; -1 if nowhere. */
    int find(String name) {
        for (int i = 0; i < headers.size(); i++) {
            if (headers.get(i).toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                return i;
            }
        }
        return -1;
    }

    void set(String name, String value) {
        int at = find(name);
        if (at >= 0) {
            headers.set(at, name + ": " + value);
        } else {
            headers.add(name + ": " + value);
        }
    }

    /** Another body, of which the length is said. */
    void replaceBody(byte[] other) {
        body = other;
        set("Content-Length", Integer.toString(other.length));
    }

    void send(OutputStream out) throws IOException {
        out.write((status + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(body, 0, Math.min(body.length, cutAfter));
        out.flush();
    }
}
