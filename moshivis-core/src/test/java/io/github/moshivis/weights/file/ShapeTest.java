package io.github.moshivis.weights.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void countsElementsAndSaysItsDimensions() {
        Shape shape = Shape.of(2, 3, 4);
        assertThat(shape).containsExactly(2L, 3L, 4L).hasToString("[2, 3, 4]").isEqualTo(Shape.of(2, 3, 4));
        assertThat(shape.elements()).isEqualTo(24);
        assertThat(shape.entry()).isEqualTo(Shape.of(3, 4));
        assertThat(Shape.of()).isEmpty();
        assertThat(Shape.of().elements()).isEqualTo(1);
        assertThat(Shape.of().entry()).isEqualTo(Shape.of());
        assertThat(Shape.of(0, 3).elements()).isZero();
        assertThat(Shape.of(0, 3).entry().elements()).isEqualTo(3);
    }

    @Test
    void isNotChangedByArraysThatWentInOrCameOut() {
        long[] given = {2, 3};
        Shape shape = Shape.of(given);
        given[0] = 7;
        shape.toArray()[1] = 7;
        assertThat(shape.with(0, 5)).containsExactly(5L, 3L);
        assertThat(shape).containsExactly(2L, 3L);
    }

    @Test
    void addsAndRemovesLeadingOnes() {
        assertThat(Shape.of(8).prependOnes(2)).containsExactly(1L, 1L, 8L);
        assertThat(Shape.of(1, 1, 8).withoutLeadingOnes()).isEqualTo(Shape.of(8));
        assertThat(Shape.of(1, 1, 1).withoutLeadingOnes()).isEqualTo(Shape.of(1));
        assertThat(Shape.of(2, 1).withoutLeadingOnes()).isEqualTo(Shape.of(2, 1));
    }

    @Test
    void refusesWhatNoTensorHas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(2, -1))
                .withMessage("shape [2, -1], expected no negative dimension");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(1, 1, 1, 1, 1, 1, 1, 1, 1))
                .withMessage("shape with 9 dimensions, expected at most 8");
        assertThatIllegalArgumentException()
                .as("an empty tensor's strides overflow too")
                .isThrownBy(() -> Shape.of(0, 1L << 32, 1L << 32))
                .withMessageContaining("63 bits");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TensorSpec.of("bytes", StoredType.F64, 0, 1L << 61))
                .withMessageContaining("63 bits");
    }
}
