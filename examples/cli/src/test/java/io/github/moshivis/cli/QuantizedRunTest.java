package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code run --quantize}: the toy model talks in few bits, always alike, and differently than in full. */
class QuantizedRunTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"q8", "q4", "Q4:128"})
    void talksInFewBitsAndRepeatsItself(String quantization) throws IOException {
        JsonNode first = run("--quantize", quantization);

        assertThat(run("--quantize", quantization)).isEqualTo(first);
        assertThat(first.get("frames")).hasSize(49);
        assertThat(first).isNotEqualTo(run());
    }

    @Test
    void noneIsTheDefault() throws IOException {
        assertThat(run("--quantize", "none")).isEqualTo(run());
    }

    @Test
    void asStoredChangesNothingInAFileOfPlainNumbers() throws IOException {
        assertThat(run("--quantize", "as-stored")).isEqualTo(run());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void asStoredTakesQuantizedFiles(int bits) throws IOException {
        Path file = directory.resolve("few-bits.safetensors");
        Cli.Outcome quantized =
                Cli.run("quantize", Golden.path("e2e/model/model.safetensors"), file, "--bits", bits, "--group", 32);
        assertThat(quantized.exitCode()).as(quantized.err()).isZero();

        JsonNode first = run("--lm", file, "--quantize", "as-stored");
        assertThat(run("--lm", file, "--quantize", "as-stored")).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"q5", "q4:48", "q4:", "8"})
    void refusesWhatThereIsNoProductFor(String quantization) {
        Cli.Outcome outcome = Cli.run("run", "--quantize", quantization);
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("--quantize", "found", "expected").doesNotContain("Exception");
    }

    private JsonNode run(Object... options) throws IOException {
        return Cli.tokens(
                directory, Stream.concat(Stream.of("--toy"), Stream.of(options)).toArray());
    }
}
