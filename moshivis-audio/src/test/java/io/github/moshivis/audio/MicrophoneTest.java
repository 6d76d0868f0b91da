package io.github.moshivis.audio;

import static io.github.moshivis.audio.FakeDevice.format;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.moshivis.errors.MediaException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.sound.sampled.AudioFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MicrophoneTest {
    private final FakeSound sound = new FakeSound(8);

    @AfterEach
    void unplugAll() {
        sound.close();
    }

    private static double tone(double time) {
        return 0.5 * Math.sin(2 * Math.PI * 500 * time);
    }

    /** What a microphone hears until it is unplugged. */
    private static float[] hear(Microphone microphone) throws IOException {
        float[] heard = new float[48_000];
        int count = 0;
        try (microphone) {
            microphone.open();
            while (true) {
                count += microphone.read(heard, count, heard.length - count);
            }
        } catch (MediaException unplugged) {
            return Arrays.copyOf(heard, count);
        }
    }

    @Test
    void hearsAsTwentyFourKilohertzMonoWhateverTheDeviceRecords() throws IOException {
        for (AudioFormat format : new AudioFormat[] {
            format(48_000, 1),
            format(48_000, 2),
            format(44_100, 2),
            format(24_000, 1),
            format(16_000, 1),
            format(8_000, 2)
        }) {
            FakeDevice device =
                    sound.microphone("Any", MicrophoneTest::tone, 0.5).formats(format);
            float[] heard = hear(Microphone.named("Any"));
            assertThat(device.openedFormat().matches(format)).isTrue();
            assertThat(heard).as(format.toString()).hasSizeBetween(11_500, 12_000);
            double largestError = 0;
            for (int i = 200; i < 11_500; i++) {
                largestError = Math.max(largestError, Math.abs(heard[i] - tone(i / 24_000.0)));
            }
            assertThat(largestError).as(format.toString()).isLessThan(1e-3);
            sound.close();
        }
    }

    @Test
    void asksForFortyEightKilohertzMonoIfThereIsAChoice() throws IOException {
        FakeDevice device = sound.microphone("Good", time -> 0, 1)
                .formats(format(8_000, 1), format(24_000, 1), format(48_000, 2), format(48_000, 1));
        try (Microphone microphone = Microphone.standard()) {
            microphone.open();
            assertThat(device.openedFormat().matches(format(48_000, 1))).isTrue();
        }
    }

    @Test
    void isLiveAndDoesNothingUntilItIsOpened() throws IOException {
        FakeDevice device = sound.microphone("Built-in", time -> 0, 1);
        Microphone microphone = Microphone.standard();
        assertThat(microphone.isLive()).isTrue();
        assertThat(device.isOpen()).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> microphone.read(new float[1], 0, 1))
                .withMessageContainingAll("not open", "open()");
        microphone.open();
        assertThat(device.isOpen()).isTrue();
        assertThatIllegalStateException().isThrownBy(microphone::open).withMessageContaining("opened before");
        microphone.close();
        microphone.close();
        assertThat(device.isOpen()).isFalse();
        assertThat(microphone.read(new float[1], 0, 1)).isEqualTo(-1);
        assertThatIllegalStateException().isThrownBy(microphone::open);
        Microphone.named("never opened, never looked for").close();
    }

    @Test
    void isChosenByItsNameOrAPartOfIt() throws IOException {
        sound.speaker("A speaker");
        FakeDevice builtIn = sound.microphone("Built-in", time -> 0, 1);
        FakeDevice headset = sound.microphone("USB Headset", time -> 0, 1);
        FakeDevice second = sound.microphone("USB Headset", time -> 0, 1);
        FakeDevice webcam = sound.microphone("USB Webcam", time -> 0, 1);
        assertThat(Microphone.names()).containsSequence("Built-in", "USB Headset", "USB Headset (2)", "USB Webcam");
        assertThat(Microphone.names()).doesNotContain("A speaker");

        assertOpens(builtIn, Microphone.named("Built-in"));
        assertOpens(headset, Microphone.named("USB Headset"));
        assertOpens(second, Microphone.named("usb headset (2"));
        assertOpens(webcam, Microphone.named("cam"));
        assertOpens(builtIn, Microphone.standard());
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Microphone.named("usb").open())
                .withMessageContainingAll("\"usb\"", "found 3", "USB Headset (2), USB Webcam", "Choose one of");
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Microphone.named("Bluetooth").open())
                .withMessageContainingAll("\"Bluetooth\"", "none of that name", "Built-in");
    }

    private static void assertOpens(FakeDevice device, Microphone microphone) throws IOException {
        try (microphone) {
            microphone.open();
            assertThat(device.isOpen()).isTrue();
        }
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    void saysWhyADeviceCannotBeUsed() {
        sound.microphone("Taken", time -> 0, 1).busy();
        sound.microphone("Odd", time -> 0, 1).formats(new AudioFormat(48_000, 24, 1, true, false));
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Microphone.named("Taken").open())
                .withMessageContainingAll(
                        "the microphone \"Taken\"",
                        "another program uses it",
                        "expected a free device",
                        "choose another",
                        "Odd");
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Microphone.named("Odd").open())
                .withMessageContainingAll("\"Odd\"", "no 16-bit format", "mono or stereo");
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Microphone.standard().open())
                .withMessageContainingAll("the system's standard microphone", "another program uses it");
    }

    @Test
    void saysWhatWasFoundWhereThereIsNone() {
        assumeTrue(FakeSound.isAlone(), "this machine has sound devices of its own");
        sound.speaker("Loud");
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Microphone.standard().open())
                .withMessageContainingAll("There is no microphone", "Loud", "Plug one in", "/dev/snd", "headless");
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Microphone.named("any").open())
                .withMessageContaining("There is no microphone");
    }

    @Test
    void saysThatItWasUnplugged() {
        for (FakeDevice.End end : FakeDevice.End.values()) {
            sound.microphone(end.name(), time -> 0.5, 0.1).atTheEnd(end);
            Microphone microphone = Microphone.named(end.name());
            microphone.open();
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(() -> {
                        while (microphone.read(new float[500], 0, 500) > 0) {}
                    })
                    .withMessageContainingAll(
                            "microphone has gone",
                            end == FakeDevice.End.CLOSES ? "line closed" : "no sound moving for 2 s",
                            "Plug it in again");
            microphone.close();
        }
    }

    @Test
    void closingItFromAnotherThreadEndsABlockedRead() throws Exception {
        sound.microphone("Slow", time -> 0, 100);
        Microphone microphone = Microphone.standard();
        microphone.open();
        FutureTask<Integer> reader = new FutureTask<>(() -> {
            int count = 1;
            while (count > 0) {
                count = microphone.read(new float[100], 0, 100);
            }
            return count;
        });
        new Thread(reader).start();
        Thread.sleep(50);
        microphone.close();
        assertThat(reader.get(30, TimeUnit.SECONDS)).isEqualTo(-1);
    }

    @Test
    void anInterruptEndsABlockedReadAndStays() throws Exception {
        sound.microphone("Slow", time -> 0, 0).atTheEnd(FakeDevice.End.STALLS);
        Microphone microphone = Microphone.standard();
        microphone.open();
        FutureTask<Boolean> reader = new FutureTask<>(() -> {
            try {
                microphone.read(new float[1], 0, 1);
                return false;
            } catch (InterruptedIOException e) {
                return Thread.currentThread().isInterrupted();
            }
        });
        Thread thread = new Thread(reader);
        thread.start();
        Thread.sleep(30);
        thread.interrupt();
        assertThat(reader.get(30, TimeUnit.SECONDS)).isTrue();
        microphone.close();
    }
}
