package io.github.moshivis.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each message against bytes written by hand, as each reference back end and client sends them. */
class MessageTest {
    private static final byte[] OGG = HexFormat.of().parseHex("4f676753");
    private static final byte[] PNG = HexFormat.of().parseHex("89504e470d0a1a0a");

    private static Message decode(String hex) {
        return Message.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    static Stream<Arguments> bothWays() {
        return Stream.of(
                Arguments.of("handshake of the Rust server", "000000000000000000", Message.Handshake.CURRENT),
                Arguments.of("versions", "000100000002010000", new Message.Handshake(1, 0x102)),
                Arguments.of("audio", "014f676753", new Message.Audio(OGG)),
                Arguments.of("text of the MLX server", "0220796573", new Message.Text(" yes")),
                Arguments.of("text of several bytes a character", "02c3b1e282ac", new Message.Text("\u00f1\u20ac")),
                Arguments.of("Enter in the terminal", "0300", new Message.Control(Message.Control.Action.START)),
                Arguments.of("Space in the terminal", "0301", new Message.Control(Message.Control.Action.END_TURN)),
                Arguments.of("pause", "0302", new Message.Control(Message.Control.Action.PAUSE)),
                Arguments.of("restart", "0303", new Message.Control(Message.Control.Action.RESTART)),
                Arguments.of("metadata of the Rust server", "047b7d", new Message.Metadata("{}")),
                Arguments.of("error", "0566756c6c", new Message.Error("full")),
                Arguments.of("ping", "06", new Message.Ping()),
                Arguments.of(
                        "text of the PyTorch and the Rust server", "070a20796573", new Message.ColoredText(10, " yes")),
                Arguments.of("colored text without text", "0700", new Message.ColoredText(0, "")),
                Arguments.of("picture of the web client", "0889504e470d0a1a0a", new Message.Image(PNG)),
                Arguments.of("rating of the web client", "0a05", new Message.Rating(5)),
                Arguments.of("an unassigned kind", "090102", new Message.Unknown(9, new byte[] {1, 2})),
                Arguments.of("the last kind", "ff", new Message.Unknown(255, new byte[0])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bothWays")
    void aMessageIsTheseBytesAndTheyAreTheMessage(String what, String hex, Message message) {
        assertThat(message.encode()).asHexString().isEqualToIgnoringCase(hex);
        assertThat(decode(hex)).usingRecursiveComparison().isEqualTo(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "PyTorch and MLX servers send the kind alone, 00, 0, 0",
        "the web client's encoder would send two bytes, 000102, 1, 2",
        "what a later version adds is passed over, 0001000000020000007777, 1, 2"
    })
    void aHandshakeIsReadInEachForm(String what, String hex, int protocolVersion, int modelVersion) {
        assertThat(decode(hex)).isEqualTo(new Message.Handshake(protocolVersion, modelVersion));
    }

    @Test
    void whatFollowsANumberIsPassedOver() {
        assertThat(decode("0a03ffff")).isEqualTo(new Message.Rating(3));
        assertThat(decode("06ffff")).isEqualTo(new Message.Ping());
    }

    @Test
    void aBufferIsReadFromItsPositionToItsLimitAndLeftAsItWas() {
        ByteBuffer inside = ByteBuffer.wrap(HexFormat.of().parseHex("ff0220796573ff"), 1, 5);
        assertThat(Message.decode(inside)).isEqualTo(new Message.Text(" yes"));
        assertThat(Message.decode(inside.asReadOnlyBuffer())).isEqualTo(new Message.Text(" yes"));
        assertThat(inside.position()).isEqualTo(1);
    }

    @Test
    void everyOtherKindIsUnknownAndNoneIsRefused() {
        // The user's words, kinds 0x0b and 0x0c, are JSON: these bytes would be none.
        assertThat(IntStream.range(0, 256)
                        .filter(kind -> kind != 0x0b && kind != 0x0c)
                        .mapToObj(kind -> decode(String.format("%02x0101", kind))))
                .filteredOn(Message.Unknown.class::isInstance)
                .hasSize(256 - 12);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @CsvSource({
        "'', 0 bytes, which kind",
        "0001, 1 bytes of version numbers, '0, 2 or 8'",
        "00010203, 3 bytes of version numbers, '0, 2 or 8'",
        "02c3, no text, UTF-8",
        "04ff, no text, UTF-8",
        "05c328, no text, UTF-8",
        "0700c3, no text, UTF-8",
        "03, nothing after the kind, a number",
        "0304, control 4, 0 to 3",
        "07, nothing after the kind, a number",
        "070b41, found 11, 0 to 10",
        "0a, nothing after the kind, a number",
        "0a00, found 0, 1 to 5",
        "0a06, found 6, 1 to 5",
        "0aff, found 255, 1 to 5"
    })
    void whatIsNoMessageIsSaidSo(String hex, String found, String expected) {
        assertThatThrownBy(() -> decode(hex))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContainingAll("Cannot read a message", found, expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 11, 256})
    void aLevelIsFrom0To10(int level) {
        assertThatThrownBy(() -> new Message.ColoredText(level, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("level", "found " + level, "0 to 10");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 6, 257})
    void aRatingIsFrom1To5(int stars) {
        assertThatThrownBy(() -> new Message.Rating(stars))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("stars", "found " + stars, "1 to 5");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 8, 10, 256})
    void anUnknownKindIsNoneOfTheKnown(int kind) {
        assertThatThrownBy(() -> new Message.Unknown(kind, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("unknown message", "found " + kind);
    }
}
