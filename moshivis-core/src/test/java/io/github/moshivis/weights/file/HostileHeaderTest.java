package io.github.moshivis.weights.file;

import static io.github.moshivis.weights.file.SafetensorsFiles.entry;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileHeaderTest {
    private static final String GOOD = "{" + entry("t", "F32", "[2]", "[0,8]") + "}";

    @TempDir
    Path directory;

    static Stream<Arguments> headers() {
        String nested = "[".repeat(1000) + "]".repeat(1000);
        return Stream.of(
                arguments("overlap", two("[0,8]", "[4,12]"), "overlaps"),
                arguments("same range twice", two("[0,8]", "[0,8]"), "overlaps"),
                arguments("hole", two("[0,8]", "[12,20]"), "hole"),
                arguments("start not at zero", "{" + entry("t", "F32", "[2]", "[8,16]") + "}", "hole"),
                arguments("end before start", "{" + entry("t", "F32", "[2]", "[8,0]") + "}", "not before it"),
                arguments("negative start", "{" + entry("t", "F32", "[2]", "[-8,0]") + "}", "data_offsets [-8, 0]"),
                arguments("one offset", "{" + entry("t", "F32", "[2]", "[0]") + "}", "data_offsets [0]"),
                arguments("beyond the file", "{" + entry("t", "F32", "[25]", "[0,100]") + "}", "truncated"),
                arguments(
                        "far beyond the file",
                        "{" + entry("t", "U8", "[9223372036854775807]", "[0,9223372036854775807]") + "}",
                        "inside the file"),
                arguments("size against shape", "{" + entry("t", "F32", "[3]", "[0,8]") + "}", "12 bytes for F32 [3]"),
                arguments("negative dimension", "{" + entry("t", "F32", "[-1,-2]", "[0,8]") + "}", "negative"),
                arguments(
                        "overflowing shape",
                        "{" + entry("t", "F32", "[4294967296,4294967296]", "[0,0]") + "}",
                        "63 bits"),
                arguments(
                        "overflow hidden by a zero",
                        "{" + entry("t", "F32", "[0,4294967296,4294967296]", "[0,0]") + "}",
                        "63 bits"),
                arguments("overflowing number", "{" + entry("t", "F32", "[9223372036854775808]", "[0,8]") + "}", "63"),
                arguments("very long number", "{" + entry("t", "F32", "[" + "9".repeat(999) + "]", "[0,8]") + "}", ""),
                arguments("fraction", "{" + entry("t", "F32", "[2.0]", "[0,8]") + "}", "whole numbers"),
                arguments(
                        "too many dimensions",
                        "{" + entry("t", "F32", "[1,1,1,1,1,1,1,1,2]", "[0,8]") + "}",
                        "at most"),
                arguments(
                        "shape of any length",
                        "{" + entry("t", "F32", "[" + "1,".repeat(99) + "2]", "[0,8]") + "}",
                        ""),
                arguments("unknown dtype", "{" + entry("t", "Q9", "[2]", "[0,8]") + "}", "dtype 'Q9'"),
                arguments("dtype in lower case", "{" + entry("t", "f32", "[2]", "[0,8]") + "}", "dtype 'f32'"),
                arguments(
                        "no dtype", "{\"t\":{\"shape\":[2],\"data_offsets\":[0,8]}}", "dtype, shape and data_offsets"),
                arguments("dtype null", "{\"t\":{\"dtype\":null,\"shape\":[2],\"data_offsets\":[0,8]}}", "VALUE_NULL"),
                arguments("shape no array", "{" + entry("t", "F32", "2", "[0,8]") + "}", "array"),
                arguments("entry no object", "{\"t\":1}", "an object of dtype"),
                arguments(
                        "name twice",
                        "{" + entry("t", "F32", "[2]", "[0,8]") + "," + entry("t", "F32", "[2]", "[0,8]") + "}",
                        "twice"),
                arguments(
                        "key twice",
                        "{\"t\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                        "'dtype' twice"),
                arguments("metadata twice", "{\"__metadata__\":{},\"__metadata__\":{}}", "twice"),
                arguments("metadata key twice", "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", "'a' twice"),
                arguments("metadata of numbers", "{\"__metadata__\":{\"a\":1}}", "strings"),
                arguments("metadata no object", "{\"__metadata__\":[]}", "strings"),
                arguments("deep nesting", "{\"t\":{\"x\":" + nested + "}}", "nesting depth"),
                arguments("deep shape", "{" + entry("t", "F32", nested, "[0,8]") + "}", "whole numbers"),
                arguments("very long name", "{" + entry("n".repeat(100_000), "F32", "[2]", "[0,8]") + "}", "length"),
                arguments("an array", "[]", "no '{'"),
                arguments("nothing", "", "no '{'"),
                arguments("unfinished", "{\"t\":{\"dtype\":\"F32\"", "header"),
                arguments("text after the end", GOOD + "x", "header"),
                arguments("another object after the end", GOOD + "{}", "after its end"),
                arguments("a name with a line break", "{" + entry("a\\nb", "F3", "[2]", "[0,8]") + "}", "'a?b'"));
    }

    private static String two(String first, String second) {
        return "{" + entry("s", "F32", "[2]", first) + "," + entry("t", "F32", "[2]", second) + "}";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void refusesAHeaderWith(String kind, String header, String keyWord) throws IOException {
        Path path = SafetensorsFiles.write(directory, header, 8);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(path.toString(), "found", "expected", keyWord, "Download or convert");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 1_000_000, 39})
    void refusesAHeaderLengthBeyondTheFileOrTheLimit(long length) throws IOException {
        Path path = SafetensorsFiles.write(directory, length, "{}".getBytes(StandardCharsets.UTF_8), 36);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(path.toString(), "header length", Long.toUnsignedString(length), "at most");
    }

    @Test
    void refusesEveryTruncationOfAGoodFile() throws IOException {
        byte[] whole = Files.readAllBytes(SafetensorsFiles.write(directory, GOOD, 8));
        for (int length = 0; length < whole.length; length++) {
            Path path = directory.resolve("cut");
            Files.write(path, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafetensorsFile.open(path))
                    .as("%s bytes", length)
                    .isInstanceOf(CheckpointException.class);
        }
    }

    @Test
    void refusesBytesAfterTheLastTensor() throws IOException {
        Path path = SafetensorsFiles.write(directory, GOOD, 9);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("9 bytes", "8, the sum of all tensors");
    }

    @Test
    void refusesAHeaderThatIsNoUtf8() throws IOException {
        byte[] header = GOOD.getBytes(StandardCharsets.UTF_8);
        header[2] = (byte) 0xff;
        Path path = SafetensorsFiles.write(directory, header, 8);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void refusesMoreTensorsThanAnyModelHas() throws IOException {
        String header = IntStream.rangeClosed(0, SafetensorsHeaderParser.MAX_TENSORS)
                .mapToObj(i -> entry("t" + i, "U8", "[0]", "[0,0]"))
                .collect(Collectors.joining(",", "{", "}"));
        Path path = SafetensorsFiles.write(directory, header, 0);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("more than 100000 tensors");
    }

    @Test
    void refusesMetadataWithoutMeasure() throws IOException {
        String value = "x".repeat(SafetensorsHeaderParser.MAX_METADATA_CHARS / 2);
        Path path = SafetensorsFiles.write(
                directory, "{\"__metadata__\":{\"a\":\"" + value + "\",\"b\":\"" + value + "\"}}", 0);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("__metadata__", "characters");
    }
}
