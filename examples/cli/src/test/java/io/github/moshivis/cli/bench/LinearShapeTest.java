package io.github.moshivis.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinearShapeTest {
    @Test
    void theProductsOfAStepAreThoseThatTheLoaderAsksFor() {
        assertThat(LinearShape.released())
                .containsExactlyInAnyOrder(
                        new LinearShape("attention.input", 12288, 4096, 32),
                        new LinearShape("attention.output", 4096, 4096, 32),
                        new LinearShape("feedForward.input", 22528, 4096, 32),
                        new LinearShape("feedForward.output", 4096, 11264, 32),
                        new LinearShape("cross.query", 4096, 4096, 32),
                        new LinearShape("cross.output", 4096, 4096, 32),
                        new LinearShape("gate.input", 512, 4096, 32),
                        new LinearShape("gate.output", 4096, 512, 32),
                        new LinearShape("text.head", 32000, 4096, 1),
                        new LinearShape("depth.input", 1024, 4096, 8),
                        new LinearShape("depth.attention.input", 3072, 1024, 48),
                        new LinearShape("depth.attention.output", 1024, 1024, 48),
                        new LinearShape("depth.feedForward.input", 5632, 1024, 48),
                        new LinearShape("depth.feedForward.output", 1024, 2816, 48),
                        new LinearShape("depth.head", 2048, 1024, 8));
    }
}
