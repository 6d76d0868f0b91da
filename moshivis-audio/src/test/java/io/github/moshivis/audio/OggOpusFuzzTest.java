package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.audio.opus.NativeStates;
import io.github.moshivis.audio.opus.OggPage;
import io.github.moshivis.errors.MediaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever comes, a decoder gives sound or says what is wrong, in time, and frees what it took. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OggOpusFuzzTest {
    private final Random random = new Random(17);
    private int refused;

    @AfterEach
    void chooseAgain() {
        System.clearProperty("moshivis.opus");
    }

    @ParameterizedTest
    @CsvSource({"native, 600", "java, 60"})
    void nothingThatComesDoesHarm(String implementation, int rounds) {
        System.setProperty("moshivis.opus", implementation);
        int live = NativeStates.live();
        List<byte[]> streams = new ArrayList<>();
        for (OpusSettings.Application application : OpusSettings.Application.values()) {
            OpusSettings settings = OpusSettings.live().application(application);
            streams.add(OpusSounds.encode(settings, OpusSounds.voice(0.3)));
            streams.add(OpusSounds.encode(
                    settings.frame(Duration.ofMillis(60)).bitRate(12_000).framesPerPage(4), OpusSounds.voice(0.6)));
        }
        int heard = 0;
        for (int round = 0; round < rounds; round++) {
            byte[] stream = streams.get(round % streams.size());
            byte[] hostile =
                    switch (random.nextInt(6)) {
                        case 0 -> flipped(stream, 1 + random.nextInt(40));
                        case 1 -> Arrays.copyOf(stream, random.nextInt(stream.length));
                        case 2 -> without(stream, random.nextInt(stream.length), random.nextInt(200));
                        case 3 -> noise(random.nextInt(100_000), stream);
                        case 4 -> withRightChecksums(stream, false);
                        default -> withRightChecksums(stream, true);
                    };
            heard += decode(hostile);
        }
        assertThat(heard).isPositive();
        assertThat(refused).isBetween(1, rounds - 1);
        assertThat(NativeStates.live()).isEqualTo(live);
    }

    private int decode(byte[] stream) {
        int samples = 0;
        try (OggOpusDecoder decoder = new OggOpusDecoder("the fuzz", random.nextInt(3) - 1, random.nextBoolean())) {
            int length;
            for (int start = 0; start < stream.length; start += length) {
                length = Math.min(1 + random.nextInt(2_000), stream.length - start);
                float[] sound = decoder.decode(stream, start, length);
                for (float sample : sound) {
                    assertThat(Math.abs(sample)).isLessThan(2);
                }
                samples += sound.length;
            }
            samples += decoder.end().length;
        } catch (MediaException e) {
            assertThat(e).hasMessageContainingAll("the fuzz", "found", "expected");
            refused++;
        }
        return samples;
    }

    private byte[] flipped(byte[] stream, int bits) {
        byte[] result = stream.clone();
        for (int i = 0; i < bits; i++) {
            result[random.nextInt(result.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return result;
    }

    private static byte[] without(byte[] stream, int at, int length) {
        byte[] result = Arrays.copyOf(stream, Math.max(at, stream.length - length));
        System.arraycopy(stream, Math.min(at + length, stream.length), result, at, result.length - at);
        return result;
    }

    private byte[] noise(int length, byte[] beginning) {
        byte[] result = new byte[length + beginning.length];
        random.nextBytes(result);
        System.arraycopy(beginning, 0, result, 0, random.nextInt(beginning.length));
        return result;
    }

    /** Damage that no checksum betrays: in the packets, or in the headers of the pages too. */
    private byte[] withRightChecksums(byte[] stream, boolean headers) {
        List<OggPage> pages = new ArrayList<>();
        for (OggPage page : OpusSounds.pages(stream)) {
            byte[] body = pages.size() < 2 && !headers ? page.body() : flipped(page.body(), random.nextInt(8));
            boolean odd = headers && random.nextInt(4) == 0;
            pages.add(new OggPage(
                    odd ? random.nextInt(8) : page.flags(),
                    odd ? random.nextLong() : page.granule(),
                    page.serial(),
                    odd ? page.sequence() + random.nextInt(100) : page.sequence(),
                    page.lacing(),
                    body));
        }
        return OpusSounds.bytes(pages);
    }
}
