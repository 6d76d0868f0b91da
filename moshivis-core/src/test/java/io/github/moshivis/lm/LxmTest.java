package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Our generator gives the numbers of the JDK's, with which recorded talks were seeded. */
class LxmTest {
    @Test
    void itsNumbersAreTheJdks() {
        RandomGeneratorFactory<RandomGenerator> jdk = RandomGeneratorFactory.of("L64X128MixRandom");
        Random seeds = new Random(1);
        for (int i = 0; i < 1000; i++) {
            long seed = i < 3 ? new long[] {0, -1, Long.MIN_VALUE}[i] : seeds.nextLong();
            RandomGenerator expected = jdk.create(seed);
            Lxm ours = new Lxm(seed);
            for (int j = 0; j < 100; j++) {
                if (j % 2 == 0) {
                    assertThat(ours.nextLong()).isEqualTo(expected.nextLong());
                } else {
                    assertThat(ours.nextDouble()).isEqualTo(expected.nextDouble());
                }
            }
        }
    }
}
