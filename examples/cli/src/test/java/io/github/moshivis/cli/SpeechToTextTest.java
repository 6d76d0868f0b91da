package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.TranscriptionSession;
import io.github.moshivis.TranscriptionStep;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.Checkpoint.Form;
import io.github.moshivis.checkpoint.ConvertOptions;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Precision;
import io.github.moshivis.load.Quantization;
import io.github.moshivis.transcript.Transcript;
import io.github.moshivis.transcript.Word;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Speech to text with the real codec: the golden sound, other forms of the model, and one encoder for two models. */
@Timeout(120)
class SpeechToTextTest {
    private static final Path MODEL = Golden.path("stt/model");
    private static final Path SOUND = Golden.path("stt/e2e/input.wav");

    @TempDir
    Path scratch;

    /** The golden sound as the reference's program feeds it, without what fills no frame. */
    private static List<float[]> frames(SpeechToText stt, Path sound) throws IOException {
        JsonNode config = Golden.json("stt/model/config.json").get("stt_config");
        int prefix = (int) (config.get("audio_silence_prefix_seconds").asDouble() * 24_000);
        int after = (int) ((config.get("audio_delay_seconds").asDouble() + 1) * 24_000);
        float[] samples = new float[prefix];
        try (AudioSource source = SoundFile.source(sound)) {
            source.open();
            float[] block = new float[1000];
            for (int read = source.read(block, 0, 1000); read >= 0; read = source.read(block, 0, 1000)) {
                int end = samples.length;
                samples = Arrays.copyOf(samples, end + read);
                System.arraycopy(block, 0, samples, end, read);
            }
        }
        samples = Arrays.copyOf(samples, samples.length + after);
        List<float[]> frames = new ArrayList<>();
        for (int at = 0; at + 1920 <= samples.length; at += 1920) {
            frames.add(Arrays.copyOfRange(samples, at, at + 1920));
        }
        return frames;
    }

    private static List<Integer> tokens(SpeechToText stt) throws IOException {
        List<Integer> tokens = new ArrayList<>();
        try (TranscriptionSession session =
                stt.transcription().restart(false).silenceFirst(false).open()) {
            for (float[] frame : frames(stt, SOUND)) {
                tokens.addAll(session.step(frame).tokens());
            }
        }
        return tokens;
    }

    @Test
    void stepsOfTheGoldenSoundAreTheReferences() throws IOException {
        Golden.Values wanted =
                Golden.tensors("stt/e2e/expected_run_inference.safetensors").get("text_tokens");
        Golden.Values pauses =
                Golden.tensors("stt/e2e/expected_run_inference.safetensors").get("extra_heads");
        try (SpeechToText stt = SpeechToText.load(MODEL);
                TranscriptionSession session =
                        stt.transcription().restart(false).silenceFirst(false).open()) {
            int row = 0;
            for (float[] frame : frames(stt, SOUND)) {
                TranscriptionStep step = session.step(frame);
                assertThat(step.tokens()).containsExactly((int) wanted.floats()[row]);
                for (int head = 0; head < stt.pauseHeads(); head++) {
                    assertThat(step.pauses().get(head))
                            .isCloseTo(pauses.row(row).row(head).floats()[0], offset(2e-5));
                }
                row++;
            }
            assertThat(row).isEqualTo(wanted.shape()[0] - 1);
        }
    }

    @Test
    void transcriptHasTheTextOfTheReferencesProgram() {
        JsonNode expected = Golden.json("stt/e2e/expected_text.json").get("run_inference");
        StringBuilder text = new StringBuilder();
        expected.get("pieces").forEach(piece -> {
            String shown = piece.get("piece").asText();
            text.append(
                    shown.equals("<s>") || shown.equals("</s>")
                            ? ""
                            : piece.get("text").asText());
        });
        try (SpeechToText stt = SpeechToText.load(MODEL)) {
            Transcript transcript = stt.transcribe(SOUND);
            assertThat(transcript.text())
                    .isEqualTo(String.join(" ", text.toString().trim().split(" +")));
            assertThat(transcript.words()).extracting(Word::start).isSorted();
            assertThat(transcript.words()).allMatch(word -> word.end().orElseThrow() <= transcript.duration());
        }
    }

    @Test
    void manyFilesAtOnceAreTranscribedAsAlone() {
        try (SpeechToText stt = SpeechToText.load(MODEL, LoadOptions.defaults().maxConversations(3))) {
            Transcript alone = stt.transcribe(SOUND);
            assertThat(stt.transcribe(Collections.nCopies(7, SOUND)))
                    .containsOnly(alone)
                    .hasSize(7);
        }
    }

    @Test
    void filesWaitForSlotsThatOthersHave() {
        try (SpeechToText stt = SpeechToText.load(MODEL, LoadOptions.defaults().maxConversations(3));
                TranscriptionSession one = stt.transcription().open();
                TranscriptionSession two = stt.transcription().open()) {
            Transcript alone = stt.transcribe(SOUND);
            assertThat(stt.transcribe(Collections.nCopies(4, SOUND)))
                    .containsOnly(alone)
                    .hasSize(4);
        }
    }

    @Test
    void anotherFormSaysTheSame() throws IOException {
        Path converted = scratch.resolve("converted");
        Checkpoint.open(MODEL).convert(Form.MLX, converted, ConvertOptions.defaults());
        try (SpeechToText original = SpeechToText.load(MODEL);
                SpeechToText other = SpeechToText.load(converted)) {
            assertThat(tokens(other)).isEqualTo(tokens(original));
            assertThat(other.pauseHeads()).isEqualTo(original.pauseHeads());
        }
    }

    @Test
    void allPrecisionsRun() throws IOException {
        Path random = Checkpoint.random(Checkpoint.Size.STT_TINY, 3, scratch.resolve("random"));
        Path quantized = scratch.resolve("mlx-q8");
        Checkpoint.open(random).quantize(8, 32, quantized, ConvertOptions.defaults());
        LoadOptions plain = LoadOptions.defaults();
        for (LoadOptions options : List.of(
                plain.precision(Precision.F32),
                plain.precision(Precision.BF16),
                plain.quantization(Quantization.Q8),
                plain.quantization(Quantization.Q4))) {
            try (SpeechToText stt = SpeechToText.load(random, options)) {
                assertThat(tokens(stt)).hasSizeGreaterThan(20);
            }
        }
        try (SpeechToText stt = SpeechToText.load(quantized)) {
            assertThat(tokens(stt)).hasSizeGreaterThan(20);
        }
    }

    @Test
    void ggufSaysWhatItsValuesSayInAnotherForm() throws IOException {
        Path random = Checkpoint.random(Checkpoint.Size.STT_TINY, 3, scratch.resolve("random"));
        Path gguf = scratch.resolve("gguf");
        Path back = scratch.resolve("back");
        Checkpoint.open(random).convert(Form.GGUF_Q8, gguf, ConvertOptions.defaults());
        Checkpoint.open(gguf).convert(Form.PYTORCH, back, ConvertOptions.defaults());
        LoadOptions exact = LoadOptions.defaults().precision(Precision.F32);
        try (SpeechToText stored = SpeechToText.load(gguf, exact);
                SpeechToText plain = SpeechToText.load(back, exact);
                SpeechToText packed = SpeechToText.load(gguf, exact.quantization(Quantization.AS_STORED))) {
            assertThat(tokens(stored)).isEqualTo(tokens(plain)).hasSizeGreaterThan(20);
            assertThat(stored.pauseHeads()).isEqualTo(4);
            assertThat(tokens(packed)).hasSizeGreaterThan(20);
        }
    }

    @Test
    void modelOfConversationsIsRefusedByName() {
        assertThatThrownBy(() -> SpeechToText.load(Golden.path("e2e/model")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model of conversations")
                .hasMessageContaining("MoshiVis.load");
    }

    /** The golden model as the PyTorch repository of the released one has it. */
    private Path withoutPauseHeads() throws IOException {
        Path copy = Files.createDirectory(scratch.resolve("headless"));
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file :
                    files.filter(file -> !file.endsWith("model.safetensors")).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        try (TensorFile all = SafetensorsFile.open(MODEL.resolve("model.safetensors"))) {
            List<StoredTensor> kept = all.tensors().values().stream()
                    .filter(tensor -> !tensor.name().startsWith("extra_heads"))
                    .toList();
            try (TensorWriter writer = SafetensorsWriter.create(
                    copy.resolve("model.safetensors"),
                    kept.stream().map(StoredTensor::spec).toList(),
                    Map.of())) {
                kept.forEach(tensor ->
                        writer.write(tensor.name(), all.bytes(tensor.name()).slice()));
                writer.commit();
            }
        }
        return copy;
    }

    @Test
    void wordsOfAModelWithoutPauseHeadsAreThereAndPausesAreRefusedByName() throws IOException {
        Path headless = withoutPauseHeads();
        try (SpeechToText stt = SpeechToText.load(headless)) {
            assertThat(stt.pauseHeads()).isZero();
            assertThat(stt.transcribe(SOUND).words()).isNotEmpty();
            assertThatThrownBy(() -> stt.transcription().onEndOfTurn(end -> {}).open())
                    .hasMessageContaining("kyutai/stt-1b-en_fr-candle");
        }
    }

    /** What a talk says, and what is heard of the user. */
    private static String talk(MoshiVis model, boolean transcribes) {
        StringBuilder said = new StringBuilder();
        List<Word> words = Collections.synchronizedList(new ArrayList<>());
        AudioSink sink = new AudioSink() {
            @Override
            public void write(float[] buffer, int offset, int length) {
                said.append(Arrays.hashCode(Arrays.copyOfRange(buffer, offset, offset + length)))
                        .append(' ');
            }

            @Override
            public void close() {}
        };
        var options = model.session().seed(4);
        (transcribes ? options.transcribe(user -> user.restart(false).onWord(words::add)) : options)
                .run(SoundFile.source(SOUND), sink);
        String heard = words.stream().filter(Word::isFinal).map(Word::text).collect(Collectors.joining(" "));
        return said + "|" + heard;
    }

    /** Random models of one seed have one codec, of two seeds two. */
    @ParameterizedTest
    @ValueSource(longs = {8, 9})
    void conversationAndItsUserAreWhatTheyAreAlone(long seed) throws IOException {
        Path conversation = Checkpoint.random(Checkpoint.Size.TINY, 8, scratch.resolve("conversation"));
        Path text = Checkpoint.random(Checkpoint.Size.STT_TINY, seed, scratch.resolve("text"));
        List<Word> alone = new ArrayList<>();
        String withText;
        try (SpeechToText stt = SpeechToText.load(text);
                MoshiVis model = MoshiVis.load(conversation, LoadOptions.defaults(), stt)) {
            withText = talk(model, true);
            assertThat(talk(model, false)).isEqualTo(withText.substring(0, withText.indexOf('|') + 1));
            try (TranscriptionSession session =
                            stt.transcription().restart(false).open();
                    AudioSource source = SoundFile.source(SOUND)) {
                source.open();
                float[] frame = new float[1920];
                while (fill(source, frame)) {
                    alone.addAll(session.step(frame).words());
                }
                alone.addAll(session.flush().words());
            }
        }
        String heard = alone.stream().filter(Word::isFinal).map(Word::text).collect(Collectors.joining(" "));
        assertThat(heard).isNotEmpty();
        assertThat(withText.substring(withText.indexOf('|') + 1)).isEqualTo(heard);
        try (MoshiVis model = MoshiVis.load(conversation)) {
            assertThat(talk(model, false)).isEqualTo(withText.substring(0, withText.indexOf('|') + 1));
        }
    }

    private static boolean fill(AudioSource source, float[] frame) throws IOException {
        for (int filled = 0; filled < frame.length; ) {
            int read = source.read(frame, filled, frame.length - filled);
            if (read < 0) {
                return false;
            }
            filled += read;
        }
        return true;
    }
}
