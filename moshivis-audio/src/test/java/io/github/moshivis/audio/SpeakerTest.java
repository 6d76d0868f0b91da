package io.github.moshivis.audio;

import static io.github.moshivis.audio.FakeDevice.format;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.moshivis.errors.MediaException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sound.sampled.AudioFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpeakerTest {
    private final FakeSound sound = new FakeSound(8);

    @AfterEach
    void unplugAll() {
        sound.close();
    }

    private static float[] tone(int rate, int frames) {
        float[] samples = new float[frames];
        for (int i = 0; i < frames; i++) {
            samples[i] = (float) (0.5 * Math.cos(2 * Math.PI * 500 * i / rate));
        }
        return samples;
    }

    /** What a device played, one of its channels, from the first sound on. */
    private static float[] heard(FakeDevice device, int channel) {
        float[] played = device.played();
        int channels = device.openedFormat().getChannels();
        float[] one = new float[played.length / channels];
        for (int i = 0; i < one.length; i++) {
            one[i] = played[i * channels + channel];
        }
        int start = 0;
        while (start < one.length && Math.abs(one[start]) < 1e-3) {
            start++;
        }
        return Arrays.copyOfRange(one, start, one.length);
    }

    @Test
    void playsAllThatAFileHasOnWhateverDevice() throws IOException {
        for (AudioFormat format : new AudioFormat[] {format(48_000, 2), format(44_100, 1), format(16_000, 2)}) {
            FakeDevice device = sound.speaker("Any").formats(format);
            try (Speaker speaker = Speaker.named("Any").waiting()) {
                speaker.open();
                speaker.write(tone(24_000, 24_000), 0, 24_000);
            }
            int rate = (int) format.getSampleRate();
            float[] expected = tone(rate, rate);
            float oneSample = (float) (Math.PI * 500 / rate);
            for (int channel = 0; channel < format.getChannels(); channel++) {
                float[] heard = heard(device, channel);
                assertThat(heard).as(format.toString()).hasSizeGreaterThanOrEqualTo(rate - rate / 50);
                int faded = rate / 100;
                int shift = shift(heard, expected, faded);
                float largestError = 0;
                for (int i = faded; i < rate - 2 * faded; i++) {
                    largestError = Math.max(largestError, Math.abs(heard[i] - expected[i + shift]));
                }
                assertThat(largestError).as(format.toString()).isLessThan(oneSample);
            }
            sound.close();
        }
    }

    /** By how much the first sound that was heard is behind the beginning, which is faded in from nothing. */
    private static int shift(float[] heard, float[] expected, int from) {
        int best = 0;
        for (int shift = 0; shift < 40; shift++) {
            best = distance(heard, expected, from, shift) < distance(heard, expected, from, best) ? shift : best;
        }
        return best;
    }

    private static double distance(float[] heard, float[] expected, int from, int shift) {
        double sum = 0;
        for (int i = from; i < from + 200; i++) {
            sum += Math.abs(heard[i] - expected[i + shift]);
        }
        return sum;
    }

    @Test
    void neverMakesALiveTalkWaitAndCountsWhatItLetGo() throws IOException {
        sound.speaker("Live");
        try (Speaker speaker = Speaker.standard()) {
            speaker.open();
            speaker.write(new float[240_000], 0, 240_000);
            Duration dropped = speaker.statistics().dropped();
            assertThat(dropped).isGreaterThan(Duration.ofSeconds(8));
            assertThat(speaker.statistics().overflows()).isPositive();
        }
    }

    @Test
    void waitsForTheSettingsOfItsBuffer() throws IOException {
        FakeDevice device = sound.speaker("Patient");
        Duration none = Duration.ZERO;
        try (Speaker speaker = Speaker.standard()
                .buffer(new JitterBuffer.Settings(Duration.ofSeconds(1), none, Duration.ofSeconds(1), none, none))) {
            speaker.open();
            float[] sample = tone(24_000, 12_000);
            speaker.write(sample, 0, sample.length);
            assertThat(speaker.statistics().delay()).isEqualTo(Duration.ofSeconds(1));
            while (device.played().length < 48_000) {
                Thread.onSpinWait();
            }
            assertThat(heard(device, 0)).as("half of what must be there").isEmpty();
        }
        assertThat(heard(device, 0)).as("the rest is played in the end").hasSizeGreaterThan(23_000);
    }

    @Test
    void doesNothingUntilItIsOpenedAndReleasesTheDevice() throws IOException {
        FakeDevice device = sound.speaker("Desk");
        Speaker speaker = Speaker.standard();
        assertThat(device.isOpen()).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> speaker.write(new float[1], 0, 1))
                .withMessageContainingAll("not open", "open()");
        speaker.open();
        assertThat(device.isOpen()).isTrue();
        assertThatIllegalStateException().isThrownBy(speaker::open).withMessageContaining("opened before");
        speaker.close();
        speaker.close();
        assertThat(device.isOpen()).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> speaker.write(new float[1], 0, 1))
                .withMessageContaining("closed");
        Speaker.named("never opened").close();
    }

    @Test
    void tellsAnEchoCancellerWhatItPlays() throws IOException {
        FakeDevice device = sound.speaker("Echo");
        AtomicLong told = new AtomicLong();
        EchoCanceller counter = new EchoCanceller() {
            @Override
            public void played(float[] samples, int offset, int length) {
                told.addAndGet(length);
            }

            @Override
            public void heard(float[] samples, int offset, int length) {}
        };
        try (Speaker speaker = Speaker.standard().echoTo(counter)) {
            speaker.open();
            speaker.write(tone(24_000, 6_000), 0, 6_000);
        }
        assertThat(told.get())
                .as("silence too")
                .isEqualTo(device.played().length / 4)
                .isGreaterThanOrEqualTo(6_000);
    }

    @Test
    void saysThatItWasUnplugged() throws IOException {
        for (FakeDevice.End end : FakeDevice.End.values()) {
            FakeDevice device = sound.speaker(end.name());
            Speaker speaker = Speaker.named(end.name()).waiting();
            speaker.open();
            device.unplug(end);
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(() -> {
                        while (true) {
                            speaker.write(new float[500], 0, 500);
                        }
                    })
                    .withMessageContainingAll("speaker has gone", "Plug it in again");
            speaker.close();
            assertThat(device.isOpen()).isFalse();
        }
    }

    @Test
    void saysAtItsCloseWhatNoWriteHasSaid() throws Exception {
        FakeDevice device = sound.speaker("Short");
        Speaker speaker = Speaker.standard();
        speaker.open();
        device.unplug(FakeDevice.End.CLOSES);
        while (device.isOpen()) { // until the speaker has seen it
            Thread.sleep(1);
        }
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(speaker::close)
                .withMessageContaining("has gone");
        speaker.close();
    }

    @Test
    void aDriverThatCannotCloseItIsToldAtItsCloseAndNotByItsThread() throws Exception {
        sound.speaker("Gone").failsToClose();
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
        try {
            Speaker speaker = Speaker.standard();
            speaker.open();
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(speaker::close)
                    .withMessageContaining("the driver is gone");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(uncaught).isEmpty();
    }

    @Test
    void closingItFromAnotherThreadEndsABlockedWrite() throws Exception {
        sound.speaker("Slow");
        Speaker speaker = Speaker.standard().waiting();
        speaker.open();
        FutureTask<Void> writer = new FutureTask<>(() -> {
            speaker.write(new float[2_400_000], 0, 2_400_000);
            return null;
        });
        new Thread(writer).start();
        while (speaker.statistics().filled().isZero()) {
            Thread.sleep(1);
        }
        speaker.close();
        writer.get(30, TimeUnit.SECONDS);
    }

    @Test
    void saysWhatWasFoundWhereThereIsNone() {
        assumeTrue(FakeSound.isAlone(), "this machine has sound devices of its own");
        sound.microphone("Ear", time -> 0, 1);
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Speaker.standard().open())
                .withMessageContainingAll("There is no speaker", "Ear", "Plug one in");
        assertThat(Speaker.names()).isEmpty();
    }
}
