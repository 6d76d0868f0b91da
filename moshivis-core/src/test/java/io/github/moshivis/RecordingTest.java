package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Talking.Collector;
import io.github.moshivis.engine.StepResult;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.recording.Recording;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A conversation written down while it goes on. */
class RecordingTest {
    @TempDir
    Path directory;

    private static void add(Recording recording, float user, int step, boolean spoken) {
        StepResult.Row row = new StepResult.Row(7 + step, new int[] {1, 2}, 0.25f, new float[0], FakeModel.frame(0.5));
        StepResult result = new StepResult(step, new int[] {3, 4}, new int[] {3, 4}, false, spoken ? row : null, null);
        recording.add(FakeModel.frame(user), result, spoken ? "word " + step : "");
    }

    private Recording recording(Collector sound) {
        return new Recording(directory.resolve("talk.wav"), sound, Map.of("text_seed", 42L), 4, false);
    }

    @Test
    void holdsSoundTokensAndTranscript() throws IOException {
        Collector sound = new Collector();
        Recording recording = recording(sound);
        add(recording, -0.25f, 0, false);
        for (int step = 1; step < 1000; step++) {
            add(recording, -0.25f, step, true);
        }
        recording.close();
        recording.close();
        add(recording, 0f, 1000, true);

        assertThat(sound.samples).hasSize(1000 * 2 * 1920);
        assertThat(sound.samples.subList(0, 2)).containsExactly(-0.25f, 0f);
        assertThat(sound.samples.subList(2 * 1920, 2 * 1920 + 2)).containsExactly(-0.25f, 0.5f);
        JsonNode document =
                new ObjectMapper().readTree(directory.resolve("talk.json").toFile());
        assertThat(document.get("text_seed").asLong()).isEqualTo(42);
        assertThat(document.get("steps").asLong()).isEqualTo(1000);
        assertThat(document.get("transcript")).hasSize(999);
        assertThat(document.get("transcript").get(0).get("text").asText()).isEqualTo("word 1");
        assertThat(document.get("transcript").get(0).get("step").asInt()).isEqualTo(1);
        Path file = directory.resolve("talk.safetensors");
        try (TensorFile tensors = SafetensorsFile.open(file)) {
            assertThat(tensors.tensors().get("audio").shape()).containsExactly(1000L, 4L);
        }
        Map<String, Golden.Values> values = Golden.tensors(file.toString());
        assertThat(values.get("text").row(0).longs()).containsExactly(-1);
        assertThat(values.get("text").row(999).longs()).containsExactly(7 + 999);
        assertThat(values.get("audio").row(0).longs()).containsExactly(-1, -1, 3, 4);
        assertThat(values.get("audio").row(999).longs()).containsExactly(1, 2, 3, 4);
        assertThat(values.get("gate_weights").floats()).startsWith(0f, 0.25f).hasSize(1000);
    }

    @Test
    void anInterruptDoesNotKeepItFromBeingCompleted() {
        Recording recording = recording(new Collector());
        add(recording, 0f, 0, false);
        Thread.currentThread().interrupt();
        recording.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(directory.resolve("talk.safetensors")).exists();
        assertThat(directory.resolve("talk.json")).exists();
    }

    @Test
    void aTalkWithoutAStepLeavesEmptyTensors() {
        recording(new Collector()).close();
        assertThat(directory.resolve("talk.safetensors")).isNotEmptyFile();
        assertThat(directory.resolve("talk.json")).content().contains("\"steps\" : 0");
    }

    @Test
    void soundThatCannotBeWrittenEndsTheConversationAndTheRestIsKept() {
        Recording recording = recording(new Collector() {
            @Override
            public void write(float[] buffer, int offset, int length) throws IOException {
                throw new IOException("No space left on device");
            }
        });
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> add(recording, 0f, 0, false))
                .withMessageContaining("recording")
                .withMessageContaining("talk.wav")
                .withMessageContaining("No space left")
                .withMessageContaining("free space");
        recording.close();
        assertThat(directory.resolve("talk.json")).exists();
    }

    @Test
    void tokensThatCannotBeWrittenEndTheConversation() throws IOException {
        Path full = Path.of("/dev/full");
        assumeThat(full).as("a device that is always full").exists();
        Files.createSymbolicLink(directory.resolve("talk.safetensors.partial"), full);
        Collector sound = new Collector();
        Recording recording = recording(sound);
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> {
                    for (int step = 0; step < 1000; step++) {
                        add(recording, 0f, step, true);
                    }
                })
                .withMessageContaining("No space left");
        assertThatExceptionOfType(ConversationException.class).isThrownBy(recording::close);
        assertThat(sound.closed.getCount()).as("sound completed").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"talk.json.partial", "talk.safetensors.partial"})
    void whatCannotBeginLeavesNoFileOpen(String taken) throws IOException {
        Path files = Path.of("/proc/self/fd");
        assumeThat(files).as("open files as a file system shows them").exists();
        Files.createDirectory(directory.resolve(taken));
        Collector sound = new Collector();
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> recording(sound))
                .withMessageContaining(taken);
        assertThat(sound.closed.getCount()).as("sound completed").isZero();
        assertThat(open(files)).noneMatch(file -> file.startsWith(directory));
        assertThat(directory).isDirectoryNotContaining(Files::isRegularFile);
    }

    private static List<Path> open(Path files) throws IOException {
        List<Path> open = new ArrayList<>();
        try (Stream<Path> links = Files.list(files)) {
            for (Path link : links.toList()) {
                if (Files.isSymbolicLink(link)) { // not closed meanwhile
                    open.add(Files.readSymbolicLink(link));
                }
            }
        }
        return open;
    }

    @Test
    void itsNameEndsInWav() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recording.checked(Path.of("talk.mp3")))
                .withMessageContaining("talk.mp3")
                .withMessageContaining(".wav");
    }
}
