package io.github.moshivis.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class QuantizationTest {
    @Test
    void noneIsTheDefault() {
        assertThat(LoadOptions.defaults().quantization()).isEqualTo(Quantization.NONE);
        assertThat(LoadOptions.defaults().quantization(Quantization.Q8).quantization())
                .isEqualTo(Quantization.Q8);
    }

    @Test
    void fourBitsComeInGroupsOf32UnlessToldOtherwise() {
        assertThat(Quantization.q4(32)).isEqualTo(Quantization.Q4).hasToString("q4");
        assertThat(Quantization.q4(128)).isNotEqualTo(Quantization.Q4).hasToString("q4 in groups of 128");
    }

    @Test
    void otherGroupsHaveNoProduct() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantization.q4(48))
                .withMessageContainingAll("groups", "found 48", "expected 32, 64, 128 or 256");
    }

    @Test
    void namesOfConfigurationsAreRead() {
        assertThat(Quantization.parse("none")).isEqualTo(Quantization.NONE);
        assertThat(Quantization.parse("Q8")).isEqualTo(Quantization.Q8);
        assertThat(Quantization.parse("q4")).isEqualTo(Quantization.Q4);
        assertThat(Quantization.parse("q4:64")).isEqualTo(Quantization.q4(64));
        assertThat(Quantization.parse("as-stored")).isEqualTo(Quantization.AS_STORED);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantization.parse("q3"))
                .withMessageContainingAll("found 'q3'", "expected none, q8, q4, q4:GROUP or as-stored", "Choose one");
    }
}
