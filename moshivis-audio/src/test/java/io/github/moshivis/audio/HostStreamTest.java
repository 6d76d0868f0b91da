package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of the host that break the contract of streams are named. */
@Timeout(30)
class HostStreamTest {
    private static InputStream returning(int count) {
        return new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return count;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aStreamThatBreaksItsContractIsNamed(int returned) {
        RawPcm format = new RawPcm(8_000, 1, PcmEncoding.SIGNED_16);
        for (AudioSource source : List.of(
                WavFile.source(returning(returned), "the call"),
                OggOpus.source(returning(returned)),
                OggOpus.live(returning(returned)),
                format.source(returning(returned)),
                format.liveSource(returning(returned)))) {
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(() -> Chunks.readAll(source))
                    .withMessageContainingAll("HostStreamTest", "or -1 at the end", "Correct the stream's read");
        }
    }
}
