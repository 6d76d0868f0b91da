package io.github.moshivis.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RandomValuesTest {
    private static final int MANY = 200_000;

    /** Computed from the description in {@link RandomValues}, in Python. */
    private static final float[] PINNED = {-0.678696692f, 2.16413856f, 1.65649045f, 0.371142447f};

    @Test
    void theNumbersAreTheSameOnEveryMachine() {
        ByteBuffer bytes = new RandomValues(42, "llm.text_emb.weight", 0, 1).bytes(0, 4, StoredType.F32);
        assertThat(new float[] {bytes.getFloat(), bytes.getFloat(), bytes.getFloat(), bytes.getFloat()})
                .containsExactly(PINNED);
    }

    @Test
    void theyAreNearlyNormal() {
        RandomValues values = new RandomValues(1, "x", 2, 0.5f);
        double sum = 0;
        double squares = 0;
        double fourth = 0;
        double neighbors = 0;
        double last = 0;
        for (int i = 0; i < MANY; i++) {
            double n = (values.value(i) - 2) / 0.5;
            sum += n;
            squares += n * n;
            fourth += n * n * n * n;
            neighbors += n * last;
            last = n;
        }
        assertThat(sum / MANY).as("mean").isCloseTo(0, within(0.01));
        assertThat(squares / MANY).as("variance").isCloseTo(1, within(0.01));
        assertThat(fourth / MANY).as("fourth moment, 2.7 for a sum of four").isCloseTo(2.7, within(0.05));
        assertThat(neighbors / MANY).as("correlation of neighbors").isCloseTo(0, within(0.01));
    }

    @Test
    void aPieceFromTheMiddleIsAPieceOfTheWhole() {
        RandomValues values = new RandomValues(3, "x", 0, 1);
        ByteBuffer whole = values.bytes(0, 100, StoredType.BF16);
        assertThat(values.bytes(40, 20, StoredType.BF16)).isEqualTo(whole.slice(80, 40));
    }

    @Test
    void bfloat16IsTheNearestToTheFloat() {
        RandomValues values = new RandomValues(3, "x", 0, 1);
        ByteBuffer stored = values.bytes(0, 1000, StoredType.BF16);
        for (int i = 0; i < 1000; i++) {
            float exact = values.value(i);
            float rounded = Float.intBitsToFloat(stored.getShort(2 * i) << 16);
            assertThat(Math.abs(rounded - exact)).isLessThanOrEqualTo(Math.ulp(exact) * 0x8000);
        }
    }

    @Test
    void seedsAndTensorsHaveTheirOwnNumbers() {
        float one = new RandomValues(1, "x", 0, 1).value(0);
        assertThat(new RandomValues(2, "x", 0, 1).value(0)).isNotEqualTo(one);
        assertThat(new RandomValues(1L << 48 | 1, "x", 0, 1).value(0)).isNotEqualTo(one);
        assertThat(new RandomValues(1, "y", 0, 1).value(0)).isNotEqualTo(one);
    }

    @Test
    void onlyTheTypesOfReleasedFilesAreMade() {
        assertThatThrownBy(() -> new RandomValues(1, "x", 0, 1).bytes(0, 1, StoredType.I8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("I8", "BF16 or F32");
    }

    @Test
    void valuesAreSpreadByWhatATensorIsFor() {
        assertThat(spread("temporal.layers.3.attention.norm", 64).mean()).isEqualTo(1);
        assertThat(spread("image.encoder.encoder.layers.0.layer_norm2.weight", 64)
                        .mean())
                .isEqualTo(1);
        assertThat(spread("image.norm", 64).mean()).isEqualTo(1);
        assertThat(spread("decoder_transformer.transformer.layers.0.norm1.bias", 64)
                        .mean())
                .isZero();
        assertThat(spread("quantizer.rvq_first.vq.layers.0._codebook._initialized", 1))
                .isEqualTo(new RandomValues.Spread(1, 0));
        assertThat(spread("audio.embedding.15", 65, 32).deviation()).isEqualTo(1);
        assertThat(spread("depth.0.embedding", 65, 32).deviation()).isEqualTo(1);
        assertThat(spread("text.head", 150, 64)).isEqualTo(new RandomValues.Spread(0, 1 / 8f));
        assertThat(spread("temporal.layers.3.gate.output", 32, 4).deviation()).isEqualTo(0.1f);
        assertThat(spread("encoder.model.0.conv.conv.weight", 8, 1, 4).deviation())
                .isEqualTo(0.5f);
    }

    private static RandomValues.Spread spread(String name, long... shape) {
        return RandomValues.Spread.of(name, TensorSpec.of(name, StoredType.F32, shape));
    }
}
