package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PcmLineTest {
    private static final RawPcm WIDE = new RawPcm(24_000, 1, PcmEncoding.SIGNED_16);

    private static ByteBuffer encoded(PcmEncoding encoding, float... samples) {
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * encoding.bytesPerSample());
        encoding.encode(samples, 0, samples.length, bytes);
        return bytes.flip();
    }

    @Test
    void bytesGoInAndComeOut() throws IOException {
        try (PcmLine line = PcmLine.of(WIDE, Duration.ofSeconds(1))) {
            line.receive(encoded(PcmEncoding.SIGNED_16, 0.5f, -0.25f, 0, 0));
            float[] heard = new float[2];
            for (int count = 0; count < 2; ) {
                count += line.source().read(heard, count, 2 - count);
            }
            assertThat(heard).containsExactly(0.5f, -0.25f);
            assertThat(line.source().isLive()).isTrue();

            line.sink().write(new float[] {0.5f, -0.25f, 0.125f}, 0, 3);
            ByteBuffer packet = ByteBuffer.allocate(4);
            assertThat(line.send(packet)).isTrue();
            assertThat(packet.flip()).isEqualTo(encoded(PcmEncoding.SIGNED_16, 0.5f, -0.25f));
            assertThat(line.send(packet.clear())).as("one sample is no packet").isFalse();
            assertThat(packet.flip()).isEqualTo(encoded(PcmEncoding.SIGNED_16, 0, 0));
        }
    }

    @Test
    void aTelephonesRateIsConvertedAndItsCapacityIsTime() throws IOException {
        try (PcmLine line = PcmLine.of(new RawPcm(8_000, 1, PcmEncoding.MU_LAW), Duration.ofSeconds(1))) {
            byte[] packet = new byte[8_000 * 3];
            line.receive(ByteBuffer.wrap(packet));
            line.close();
            float[] heard = new float[100_000];
            int total = 0;
            for (int n = line.source().read(heard, total, 1000);
                    n >= 0;
                    n = line.source().read(heard, total, 1000)) {
                total += n;
            }
            assertThat(total).as("the newest second").isCloseTo(24_000, within(200));
        }
    }

    @Test
    void framesThatAreNoWholeSamplesAreRefused() throws IOException {
        try (PcmLine line = PcmLine.of(new RawPcm(16_000, 2, PcmEncoding.SIGNED_16), Duration.ofSeconds(1))) {
            assertThatThrownBy(() -> line.receive(ByteBuffer.allocate(6)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("whole samples of 4 bytes");
            assertThatThrownBy(() -> line.send(ByteBuffer.allocate(2))).isInstanceOf(IllegalArgumentException.class);
            line.receive(ByteBuffer.allocate(0));
        }
    }

    @Test
    void afterTheConversationAFrameIsRefused() throws IOException {
        try (PcmLine line = PcmLine.of(WIDE, Duration.ofSeconds(1))) {
            line.source().close();
            assertThatThrownBy(() -> line.receive(ByteBuffer.allocate(4))).isInstanceOf(IOException.class);
            assertThat(line.send(ByteBuffer.allocate(4))).isFalse();
        }
    }
}
