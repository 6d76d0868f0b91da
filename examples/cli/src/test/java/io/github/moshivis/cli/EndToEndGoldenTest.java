package io.github.moshivis.cli;

import static io.github.moshivis.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Tolerance;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The golden set {@code e2e}, through the command itself: a model directory, a picture and a WAV file of somebody speaking give
 * the WAV of the answer, its text and all tokens as the reference gives them.
 */
class EndToEndGoldenTest {
    /** The websocket message of the reference: kind, color, then the text in UTF-8. */
    private static final byte TEXT_MESSAGE = 7;

    @TempDir
    Path directory;

    private JsonNode document;
    private Map<String, Values> expected;

    @ParameterizedTest(name = "image from step {0}")
    @ValueSource(ints = {0, 10})
    void answersAsTheReferenceDoes(int start) throws IOException {
        expected = Golden.tensors("e2e/expected_xa_start" + start + ".safetensors");
        converse(start);

        assertTokensAreEqual();
        assertUserSideIsEqual();
        assertGatesAreClose();
        assertMessagesAreEqual(Golden.json("e2e/expected_text_xa_start" + start + ".json"));
        assertVoiceIsClose();
    }

    private void converse(int start) throws IOException {
        Path tokens = directory.resolve("tokens.json");
        Cli.Outcome outcome = Cli.run(
                "run",
                "--model",
                Cli.MODEL,
                "--in",
                Cli.QUESTION,
                "--image",
                Cli.PICTURE,
                "--image-size",
                Golden.json("e2e/run.json").get("image_size"),
                "--xa-start",
                start,
                "--greedy",
                "--precision",
                "f32",
                "--out",
                voice(),
                "--tokens",
                tokens);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        document = new ObjectMapper().readTree(tokens.toFile());
        assertThat(outcome.out().stripTrailing()).isEqualTo(shownText());
    }

    private Path voice() {
        return directory.resolve("answer.wav");
    }

    private void assertTokensAreEqual() {
        long[] actual = frames().flatMap(
                        frame -> Stream.concat(Stream.of(frame.get("text_token")), children(frame.get("audio_tokens"))))
                .mapToLong(JsonNode::asLong)
                .toArray();
        assertThat(actual).isEqualTo(expected.get("tokens").longs());
        assertThat(frames().mapToLong(frame -> frame.get("frame").asLong()).toArray())
                .isEqualTo(
                        LongStream.range(0, expected.get("tokens").shape()[0]).toArray());
    }

    private void assertUserSideIsEqual() {
        long[] used =
                children(document.get("image_used")).mapToLong(JsonNode::asLong).toArray();
        assertThat(used).isEqualTo(expected.get("image_used").longs());
        JsonNode codes = document.get("codes");
        assertThat(codes).as("one entry for each frame of the user").hasSize(used.length);
        if (expected.containsKey("codes")) {
            Values byStream = expected.get("codes"); // [8, frames]
            for (int stream = 0; stream < byStream.shape()[0]; stream++) {
                int index = stream;
                assertThat(children(codes)
                                .mapToLong(frame -> frame.get(index).asLong())
                                .toArray())
                        .as("codes of stream " + stream)
                        .isEqualTo(byStream.row(stream).longs());
            }
        }
    }

    private void assertGatesAreClose() {
        double[] gates = frames().mapToDouble(frame -> frame.get("gate_weight").asDouble())
                .toArray();
        float[] reference = expected.get("gate_weight").floats();
        assertThat(gates).hasSameSizeAs(reference);
        for (int i = 0; i < gates.length; i++) {
            assertThat(gates[i]).as("gate of frame " + i).isCloseTo(reference[i], within(Tolerance.GATE));
        }
    }

    private void assertMessagesAreEqual(JsonNode reference) {
        List<JsonNode> shown =
                frames().filter(frame -> !frame.get("text").asText().isEmpty()).toList();
        List<JsonNode> messages = children(reference.get("messages")).toList();
        assertThat(shown).hasSameSizeAs(messages);
        for (int i = 0; i < shown.size(); i++) {
            JsonNode frame = shown.get(i);
            JsonNode message = messages.get(i);
            assertThat(frame.get("frame")).isEqualTo(message.get("frame"));
            assertThat(frame.get("text_token")).isEqualTo(message.get("token"));
            for (String equal : List.of("piece", "text", "color")) {
                assertThat(frame.get(equal)).as(equal + " of message " + i).isEqualTo(message.get(equal));
            }
            assertThat(asMessage(frame)).isEqualTo(message.get("message_hex").asText());
        }
        assertThat(shownText()).isEqualTo(reference.get("text").asText());
    }

    private static String asMessage(JsonNode frame) {
        byte[] text = frame.get("text").asText().getBytes(StandardCharsets.UTF_8);
        byte[] message = ByteBuffer.allocate(2 + text.length)
                .put(TEXT_MESSAGE)
                .put((byte) frame.get("color").asInt())
                .put(text)
                .array();
        return HexFormat.of().formatHex(message);
    }

    private void assertVoiceIsClose() throws IOException {
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(voice())).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getShort(20)).as("format: floats").isEqualTo((short) 3);
        assertThat(header.getShort(22)).as("channels").isEqualTo((short) 1);
        assertThat(header.getInt(24)).as("sample rate").isEqualTo(24_000);
        assertThat(header.getShort(34)).as("bits").isEqualTo((short) 32);

        float[] samples = samples(voice());
        assertThat(samples).hasSize((int) expected.get("tokens").shape()[0] * AudioSource.FRAME_SAMPLES);
        if (expected.containsKey("pcm")) {
            assertClose("pcm", samples, expected.get("pcm").floats(), Tolerance.PCM);
        }
    }

    private static float[] samples(Path file) throws IOException {
        float[] samples = new float[(int) Files.size(file) / Float.BYTES];
        int count = 0;
        try (AudioSource source = WavFile.source(file)) {
            source.open();
            for (int read; (read = source.read(samples, count, samples.length - count)) > 0; ) {
                count += read;
            }
        }
        return Arrays.copyOf(samples, count);
    }

    private String shownText() {
        return frames().map(frame -> frame.get("text").asText()).collect(Collectors.joining());
    }

    private Stream<JsonNode> frames() {
        return children(document.get("frames"));
    }

    private static Stream<JsonNode> children(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }
}
