package io.github.moshivis.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes answers of a hub where it hurts: statuses, headers that it reads, members of its JSON, lengths, chunks, and bytes. */
final class AnswerMutator {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> STATUSES = List.of(
            "200", "201", "204", "206", "301", "302", "303", "304", "307", "308", "400", "401", "403", "404", "408",
            "416", "425", "429", "500", "503", "599", "100", "000", "999", "20", "2000", "abc", "");

    /** Headers that are read somewhere. */
    private static final List<String> HEADERS = List.of(
            "ETag",
            "X-Linked-ETag",
            "X-Linked-Size",
            "X-Repo-Commit",
            "X-Error-Code",
            "X-Error-Message",
            "Location",
            "Content-Length",
            "Content-Range",
            "Content-Encoding",
            "Transfer-Encoding",
            "Retry-After");

    private static final List<String> VALUES = List.of(
            "",
            "0",
            "1",
            "-1",
            "2147483648",
            "999999999999999999",
            "9223372036854775807",
            "99999999999999999999999",
            "abc",
            "\"\"",
            "W/\"\"",
            "\"0000000000000000000000000000000000000000\"",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "../../../etc",
            "gzip",
            "chunked",
            "identity",
            "bytes 0-0/1",
            "bytes */*",
            "bytes 5-1/3",
            "bytes=0-",
            "/",
            "//",
            "http://",
            "http://[",
            "http://localhost:0/x",
            "http://localhost:99999/x",
            "http://user:secret@localhost:1/x",
            "https://localhost:1/",
            "ftp://localhost/x",
            "file:///etc/passwd",
            "?",
            "%",
            "Wed, 21 Oct 2999 07:28:00 GMT",
            "Wed, 99 Oct 2015 07:28:00 GMT",
            "EntryNotFound",
            "GatedRepo",
            "\u00e9\u00ff",
            "a b");

    private static final List<String> JSON_VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "0.5",
            "1e308",
            "2147483648",
            "9223372036854775807",
            "123456789012345678901234567890",
            "\"\"",
            "\"a\"",
            "\"../x\"",
            "\"/etc/passwd\"",
            "\"a/../../b\"",
            "\"C:\\\\x\"",
            "\"\\u0000\"",
            "\"CON\"",
            "\"model.safetensors\"",
            "\"config.json\"",
            "\"model.safetensors.index.json\"",
            "[]",
            "{}",
            "[[[[]]]]",
            "[null,1,\"a\"]",
            "\"0000000000000000000000000000000000000000\"",
            "\"0000000000000000000000000000000000000000000000000000000000000000\"");

    private final Random random;

    AnswerMutator(long seed) {
        this.random = new Random(seed);
    }

    boolean isChosen(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** Makes one to three changes. */
    void mutate(RawAnswer answer) throws IOException {
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            switch (random.nextInt(8)) {
                case 0 -> answer.status = "HTTP/1.1 " + one(STATUSES) + " Any";
                case 1, 2, 3 -> changeHeader(answer);
                case 4, 5 -> changeBody(answer);
                case 6 -> answer.cutAfter = random.nextInt(answer.body.length + 1);
                default -> chunk(answer);
            }
        }
    }

    private void changeHeader(RawAnswer answer) {
        String name = one(HEADERS);
        switch (random.nextInt(5)) {
            case 0 -> answer.headers.removeIf(line -> line.regionMatches(true, 0, name, 0, name.length()));
            case 1 -> answer.headers.add(name + ": " + one(VALUES));
            case 2 -> answer.headers.add(one(VALUES));
            default -> answer.set(name, one(VALUES));
        }
    }

    private void changeBody(RawAnswer answer) throws IOException {
        if (answer.isJson() && random.nextInt(4) > 0) {
            String changed = changedJson(new String(answer.body, StandardCharsets.UTF_8));
            answer.replaceBody(changed.getBytes(StandardCharsets.UTF_8));
        } else if (answer.body.length > 0) {
            byte[] changed = answer.body.clone();
            int at = random.nextInt(changed.length);
            changed[at] ^= (byte) (1 << random.nextInt(8));
            answer.replaceBody(random.nextBoolean() ? changed : Arrays.copyOf(changed, at));
        } else {
            answer.body = new byte[random.nextInt(100)];
        }
    }

    private String changedJson(String text) throws JsonProcessingException {
        JsonNode tree;
        try {
            tree = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return text; // changed before
        }
        List<ContainerNode<?>> places = new ArrayList<>();
        collect(tree, places);
        if (places.isEmpty()) {
            return text;
        }
        ContainerNode<?> place = one(places);
        JsonNode value = JSON.readTree(one(JSON_VALUES));
        if (place instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = one(names);
            switch (random.nextInt(4)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(name, object.get(one(names)).deepCopy());
                default -> object.set(name, value);
            }
        } else if (place instanceof ArrayNode array) {
            if (array.isEmpty() || random.nextBoolean()) {
                array.add(value);
            } else {
                array.remove(random.nextInt(array.size()));
            }
        }
        String changed = tree.toString();
        return switch (random.nextInt(12)) {
            case 0 -> changed.substring(0, random.nextInt(changed.length()));
            case 1 -> "[".repeat(100_000);
            case 2 -> "{\"sha\":".repeat(2_000);
            case 3 -> "9".repeat(20_000);
            case 4 -> "<html>Sign in to this network</html>";
            default -> changed;
        };
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> places) {
        if (node instanceof ContainerNode<?> container) {
            places.add(container);
        }
        node.forEach(child -> collect(child, places));
    }

    /** Sends the body in chunks, the sizes of which need not be right, and which need not end. */
    private void chunk(RawAnswer answer) {
        answer.headers.removeIf(line -> line.regionMatches(true, 0, "Content-Length", 0, "Content-Length".length()));
        answer.set("Transfer-Encoding", "chunked");
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int at = 0; at < answer.body.length; ) {
            int count = Math.min(answer.body.length - at, 1 + random.nextInt(40_000));
            String size = Integer.toHexString(count);
            if (random.nextInt(8) == 0) {
                size = one(List.of("", "-1", "zz", "0", "7fffffff", "ffffffffffffffffff", size + ";x=y", "1" + size));
            }
            chunks.writeBytes((size + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            chunks.write(answer.body, at, count);
            chunks.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
            at += count;
        }
        if (random.nextInt(4) > 0) {
            chunks.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        answer.body = chunks.toByteArray();
    }
}
