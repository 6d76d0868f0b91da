package io.github.moshivis.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.load.CodecWeights;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Precision;
import io.github.moshivis.load.Quantization;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class ModelFlagsTest {
    private static ModelFlags parsed(String... args) {
        ModelFlags flags = new ModelFlags();
        ParsedArguments.register(new CommandLine(flags))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(args);
        return flags;
    }

    @Test
    void flagsThatAreNotGivenChangeNothing() {
        ModelFlags flags = parsed();

        assertThat(flags.apply(LoadOptions.defaults()))
                .usingRecursiveComparison()
                .isEqualTo(LoadOptions.defaults());
        assertThat(flags.model()).isEmpty();
        assertThat(flags.weights()).isEqualTo("default");
    }

    @Test
    void flagsReachTheirOptions() {
        ModelFlags flags = parsed(
                "--model",
                "a/b",
                "--lm",
                "l",
                "--device",
                "cuda:1",
                "--precision",
                "bf16",
                "--quantize",
                "q8",
                "--compact-keys",
                "--codec-weights",
                "bf16-decoder",
                "--context",
                "750",
                "--threads",
                "3");
        LoadOptions options = flags.apply(LoadOptions.defaults());

        assertThat(options)
                .usingRecursiveComparison()
                .isEqualTo(LoadOptions.defaults()
                        .lmFile(Path.of("l"))
                        .device("cuda:1")
                        .precision(Precision.BF16)
                        .quantization(Quantization.parse("q8"))
                        .compactKeys(true)
                        .codecWeights(CodecWeights.BF16_DECODER)
                        .context(750)
                        .threads(3));
        assertThat(flags.model()).contains("a/b");
        assertThat(flags.weights()).isEqualTo("q8 in bf16");
    }

    @Test
    void badValuesAreNamed() {
        assertThatThrownBy(() -> parsed("--quantize", "q5"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--quantize")
                .hasMessageContaining("q5");
        assertThatThrownBy(() -> parsed("--codec-weights", "int4"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("int4")
                .hasMessageContaining("bf16-decoder");
        assertThatThrownBy(() -> parsed("--threads", "0").apply(LoadOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threads");
    }
}
