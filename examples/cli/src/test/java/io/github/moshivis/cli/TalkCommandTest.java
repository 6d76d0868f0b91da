package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.FakeDevice;
import io.github.moshivis.audio.FakeSound;
import io.github.moshivis.audio.Microphone;
import io.github.moshivis.audio.Speaker;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Talking through microphone and speaker, on a machine whose sound devices are the test's. */
class TalkCommandTest {
    private static final double MINUTE = 60;

    @TempDir
    Path directory;

    private final FakeSound sound = new FakeSound(1);

    @AfterEach
    void unplugAll() {
        sound.close();
    }

    private static double voice(double time) {
        return 0.3 * Math.sin(2 * Math.PI * 200 * time);
    }

    @Test
    void talksThroughTheStandardDevices() {
        FakeDevice microphone = sound.microphone("Built-in", TalkCommandTest::voice, MINUTE);
        FakeDevice speaker = sound.speaker("Loud");
        Path recording = directory.resolve("talk.wav");

        Cli.Outcome outcome = Cli.run("talk", "--toy", "--seed", 1, "--max-duration", 1.6, "--record", recording);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).as("the text, as it is said").isNotBlank();
        assertThat(microphone.isOpen()).isFalse();
        assertThat(speaker.isOpen()).isFalse();
        assertThat(speaker.played()).as("the model's voice").hasSizeGreaterThan(48_000);
        assertThat(energy(speaker.played())).isPositive();
        assertThat(recording).isNotEmptyFile();
    }

    private static double energy(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += sample * sample;
        }
        return sum;
    }

    @Test
    void theTenLinesOfTheReadmeTalk() {
        sound.microphone("Built-in", TalkCommandTest::voice, MINUTE);
        FakeDevice speaker = sound.speaker("Loud");
        StringBuilder said = new StringBuilder();

        try (MoshiVis model = MoshiVis.load(Cli.MODEL)) {
            try (Conversation talk = model.session(Cli.PICTURE)
                    .sampling(sampling -> sampling.textTemperature(0.7))
                    .maxDuration(Duration.ofSeconds(1))
                    .onText(piece -> said.append(piece.text()))
                    .start(Microphone.standard(), Speaker.standard())) {
                talk.join();
            }
        }

        assertThat(energy(speaker.played())).isPositive();
        assertThat(said).isNotEmpty();
    }

    @Test
    void listsTheDevices() {
        assertThat(Cli.run("talk", "--list-devices").exitCode()).isZero();
        sound.microphone("USB Headset", time -> 0, MINUTE);
        sound.speaker("Desk");
        sound.speaker("HDMI");

        Cli.Outcome outcome = Cli.run("talk", "--list-devices");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().lines().toList())
                .containsSubsequence("microphones:", "  USB Headset", "speakers:", "  Desk", "  HDMI");
    }

    @Test
    void saysWhatIsWrongWithADeviceBeforeAModelIsLoaded() {
        assumeTrue(FakeSound.isAlone(), "this machine has sound devices of its own");
        refuses("There is no microphone Plug one in");
        sound.microphone("USB Headset", time -> 0, MINUTE);
        refuses("There is no speaker");
        sound.speaker("Desk");
        refuses("\"Bluetooth\" none of that name USB Headset", "--microphone", "Bluetooth");
        refuses("\"Bluetooth\" none of that name Desk", "--speaker", "Bluetooth");
    }

    private static void refuses(String words, Object... options) {
        Object[] command = new Object[options.length + 3];
        command[0] = "talk";
        command[1] = "--model";
        command[2] = "no/such/model";
        System.arraycopy(options, 0, command, 3, options.length);
        Cli.Outcome outcome = Cli.run(command);
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains(words.split(" ")).hasLineCount(1);
    }

    @Test
    void endsWithAReasonWhenTheMicrophoneIsUnplugged() {
        sound.microphone("USB Headset", TalkCommandTest::voice, 0.5);
        sound.speaker("Desk");

        Cli.Outcome outcome = Cli.run("talk");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("microphone has gone", "Plug it in again");
    }
}
