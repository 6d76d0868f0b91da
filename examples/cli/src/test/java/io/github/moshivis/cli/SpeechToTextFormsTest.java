package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.Checkpoint.Form;
import io.github.moshivis.checkpoint.ConvertOptions;
import io.github.moshivis.checkpoint.Description;
import io.github.moshivis.checkpoint.ModelPart;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The golden speech-to-text model in all forms, inspected, converted and refused where it cannot be used. */
class SpeechToTextFormsTest {
    private static final Path GOLDEN = Golden.path("stt/model");

    @TempDir
    Path scratch;

    @Test
    void inspectionTellsTheParts() {
        Description found = Checkpoint.open(GOLDEN).describe();
        assertThat(found.form()).isEqualTo("stt");
        assertThat(found.missing()).isEmpty();
        assertThat(found.unused()).isEmpty();
        assertThat(found.parameters()).containsKey(ModelPart.PAUSE_HEADS).doesNotContainKey(ModelPart.DEPTH);
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"PYTORCH", "CANDLE", "MLX"})
    void theWayToAFormAndBackIsTheIdentity(Form form) throws IOException {
        Path there = scratch.resolve("there");
        Path back = scratch.resolve("back");
        Checkpoint.open(GOLDEN).convert(form, there, ConvertOptions.defaults());
        Checkpoint.open(there).verify();
        Checkpoint.open(there).convert(Form.PYTORCH, back, ConvertOptions.defaults());
        assertThat(Checkpoint.open(back).describe().tensors())
                .isEqualTo(Checkpoint.open(converted(GOLDEN)).describe().tensors());
        assertThat(Files.mismatch(
                        back.resolve("model.safetensors"), converted(GOLDEN).resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    /** The model in our own writing of its form, whose order of tensors may be another. */
    private Path converted(Path model) {
        Path written = scratch.resolve("written");
        if (!Files.exists(written)) {
            Checkpoint.open(model).convert(Form.PYTORCH, written, ConvertOptions.defaults());
        }
        return written;
    }

    @Test
    void randomModelsOfItsKindAreComplete() {
        Path model = Checkpoint.random(Checkpoint.Size.STT_TINY, 1, scratch.resolve("random"));
        assertThat(Checkpoint.open(model).describe().form()).isEqualTo("stt");
        Checkpoint.open(model).verify();
        Path quantized = scratch.resolve("q8");
        Checkpoint.open(model).quantize(8, 32, quantized, ConvertOptions.defaults());
        Checkpoint.open(quantized).verify();
        Path gguf = scratch.resolve("gguf");
        Checkpoint.open(model).convert(Form.GGUF_Q8, gguf, ConvertOptions.defaults());
        assertThat(Checkpoint.open(gguf).describe().form()).isEqualTo("stt");
        Checkpoint.open(gguf).verify();
    }

    @Test
    void conversationsRefuseItByName() {
        assertThatThrownBy(() -> MoshiVis.load(GOLDEN))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model_type stt")
                .hasMessageContaining("SpeechToText.load");
    }

    @Test
    void transformersFormIsRefusedWithTheRemedy() throws IOException {
        Files.writeString(scratch.resolve("config.json"), "{\"model_type\": \"kyutai_speech_to_text\"}");
        assertThatThrownBy(() -> Checkpoint.open(scratch))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("transformers")
                .hasMessageContaining("kyutai/stt-1b-en_fr");
    }
}
