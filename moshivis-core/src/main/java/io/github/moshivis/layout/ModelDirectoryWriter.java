package io.github.moshivis.layout;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a model's sizes as {@link ModelDirectory} reads them. The YAML holds all that the reference's {@code KyuteyeConfig.from_yml}
 * takes, so that it can read it, too. Equal sizes give equal bytes.
 */
public final class ModelDirectoryWriter {
    /** The files that are written for a model of conversations. */
    public static final List<String> FILES =
            List.of(ModelLayout.YAML, ModelLayout.MIMI_CONFIG, ModelLayout.SIGLIP_CONFIG);

    /** The files that are written for a speech-to-text model. */
    public static final List<String> STT_FILES = List.of(ModelLayout.MOSHI_CONFIG, ModelLayout.MIMI_CONFIG);

    private static final ObjectWriter YAML = new ObjectMapper(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .build())
            .writer();

    /** Lines end alike on every system. */
    private static final ObjectWriter JSON =
            new ObjectMapper().writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter(" ", "\n")));

    /** The initial value of the codec's layer scales in training (moshi {@code models/loaders.py}); no size depends on it. */
    private static final double LAYER_SCALE = 0.01;

    private ModelDirectoryWriter() {}

    /**
     * Writes the configuration, {@link #FILES} or {@link #STT_FILES}; those that are there are replaced.
     *
     * @param config the sizes
     * @param directory where to
     * @throws CheckpointException if writing fails
     */
    public static void write(ModelConfig config, Path directory) {
        if (config.lm().isSpeechToText()) {
            write(directory.resolve(ModelLayout.MOSHI_CONFIG), JSON, SttConfigContent.of(config.lm()));
        } else {
            write(directory.resolve(ModelLayout.YAML), YAML, yaml(config.lm()));
            write(directory.resolve(ModelLayout.SIGLIP_CONFIG), JSON, siglip(config.vision()));
        }
        write(directory.resolve(ModelLayout.MIMI_CONFIG), JSON, mimi(config.mimi()));
    }

    /**
     * The configuration's file that names the others.
     *
     * @param lm the sizes of the language model
     * @return its name
     */
    public static String namingFile(LmConfig lm) {
        return lm.isSpeechToText() ? ModelLayout.MOSHI_CONFIG : ModelLayout.YAML;
    }

    /**
     * Writes the {@value ModelLayout#MOSHI_CONFIG} of a speech-to-text model whose files have got new names. All else is as it was.
     *
     * @param json the one that it had
     * @param files the new names
     * @param directory where to
     * @throws CheckpointException if reading or writing fails
     */
    public static void writeSttConfig(Path json, ModelFiles files, Path directory) {
        Map<String, Object> renamed = new LinkedHashMap<>(ConfigFile.read(json).content());
        renamed.put("moshi_name", files.lm().getFileName().toString());
        renamed.put("mimi_name", files.mimi().getFileName().toString());
        renamed.put("tokenizer_name", files.tokenizer().getFileName().toString());
        renamed.computeIfPresent("mimi_config_name", (key, name) -> ModelLayout.MIMI_CONFIG);
        write(directory.resolve(ModelLayout.MOSHI_CONFIG), JSON, renamed);
    }

    /**
     * Writes the YAML of a model whose files have got new names. All else is as it was; comments, however, are lost where a name has
     * changed.
     *
     * @param yaml the YAML that it had; empty if it had none
     * @param config the model's sizes, for one that had none
     * @param files the new names
     * @param directory where to
     * @throws CheckpointException if reading or writing fails
     */
    public static void writeYaml(Optional<Path> yaml, ModelConfig config, ModelFiles files, Path directory) {
        Map<String, Object> content =
                yaml.isPresent() ? ConfigFile.read(yaml.get()).content() : yaml(config.lm());
        Map<String, Object> renamed = new LinkedHashMap<>(content);
        renamed.put("model", files.lm().getFileName().toString());
        renamed.put("mimi_codec", files.mimi().getFileName().toString());
        renamed.put("text_tokenizer", files.tokenizer().getFileName().toString());
        Path target = directory.resolve(ModelLayout.YAML);
        if (yaml.isPresent() && renamed.equals(content)) {
            copy(yaml.get(), target);
        } else {
            write(target, YAML, renamed);
        }
    }

    private static void copy(Path file, Path target) {
        try {
            Files.copy(file, target);
        } catch (IOException e) {
            throw CheckpointException.notWritten("configuration", target, e);
        }
    }

    private static void write(Path file, ObjectWriter writer, Map<String, Object> content) {
        try {
            Files.write(file, writer.writeValueAsBytes(content));
        } catch (IOException e) {
            throw CheckpointException.notWritten("configuration", file, e);
        }
    }

    private static Map<String, Object> yaml(LmConfig lm) {
        Map<String, Object> yaml = new LinkedHashMap<>();
        yaml.put("hf_repo", null);
        yaml.put("model", ModelLayout.LM);
        yaml.put("mimi_codec", ModelLayout.Companion.MIMI.released());
        yaml.put("text_tokenizer", ModelLayout.Companion.TOKENIZER.released());
        yaml.put("dim", lm.dim());
        yaml.put("num_heads", lm.heads());
        yaml.put("num_layers", lm.layers());
        yaml.put("hidden_scale", lm.hiddenScale());
        yaml.put("context", lm.context());
        yaml.put("max_period", plain(lm.maxPeriod()));
        yaml.put("text_card", lm.textCard());
        yaml.put("padding_token_id", lm.paddingToken());
        yaml.put("audio_card", lm.audioCard());
        yaml.put("n_q", lm.audioStreams());
        yaml.put("dep_q", lm.modelCodebooks());
        yaml.put("delays", lm.delays());
        yaml.put("causal", true);
        yaml.put("gating", true);
        yaml.put("activation", "silu");
        yaml.put("norm", "rms_norm_f32");
        yaml.put("positional_embedding", "rope");
        putDepth(yaml, lm.depth());
        putImage(yaml, lm);
        return yaml;
    }

    private static void putDepth(Map<String, Object> yaml, DepthConfig depth) {
        yaml.put("depformer", true);
        yaml.put("depformer_dim", depth.dim());
        yaml.put("depformer_dim_feedforward", depth.feedForward());
        yaml.put("depformer_num_heads", depth.heads());
        yaml.put("depformer_num_layers", depth.layers());
        yaml.put("depformer_context", depth.context());
        yaml.put("depformer_gating", true);
        yaml.put("depformer_activation", "silu");
        yaml.put("depformer_multi_linear", true);
        yaml.put("depformer_weights_per_step", true);
        yaml.put("depformer_pos_emb", "none");
    }

    private static void putImage(Map<String, Object> yaml, LmConfig lm) {
        yaml.put("encoder_name", "siglip_gemma2_448");
        yaml.put("image_size", 512);
        yaml.put("interpolation", "bicubic");
        yaml.put("num_crossattended_tokens", lm.seesImages() ? -1 : 0);
        yaml.put("num_extra_tokens", 0);
        yaml.put("add_boi_eoi", false);
        yaml.put("align_img_and_speech_tokens_dim", true);
        yaml.put("norm_extra", null);
        yaml.put("norm_xa", "rms_norm");
        boolean aligned = !lm.seesImages() || lm.imageDim().getAsInt() == lm.dim();
        yaml.put("xa_dim", aligned ? null : lm.imageDim().getAsInt());
        yaml.put("xa_gating", "sigmoid");
        yaml.put("xa_conditional_gating", true);
        yaml.put("xa_shared", true);
        yaml.put("xa_gate_shared", false);
        yaml.put("xa_layers", List.of());
        yaml.put("xa_step", 1);
        yaml.put("xa_delay", 0);
        yaml.put("xa_start", "start");
        yaml.put("xa_end", "end");
    }

    private static Map<String, Object> mimi(MimiConfig mimi) {
        int latent = mimi.seanet().dimension();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sample_rate", mimi.sampleRate());
        json.put("channels", 1);
        json.put("frame_rate", mimi.frameRate());
        json.put("seanet", seanet(mimi.seanet()));
        Map<String, Object> quantizer = new LinkedHashMap<>();
        quantizer.put("dimension", mimi.quantizer().dimension());
        quantizer.put("n_q", mimi.quantizer().codebooks());
        quantizer.put("bins", mimi.quantizer().bins());
        quantizer.put("input_dimension", latent);
        quantizer.put("output_dimension", latent);
        json.put("quantizer", quantizer);
        json.put("transformer", transformer(mimi.transformer(), latent));
        return json;
    }

    private static Map<String, Object> seanet(MimiConfig.Seanet seanet) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("channels", 1);
        json.put("dimension", seanet.dimension());
        json.put("causal", true);
        json.put("n_filters", seanet.filters());
        json.put("n_residual_layers", 1);
        json.put("activation", "ELU");
        json.put("compress", seanet.compress());
        json.put("dilation_base", 2);
        json.put("disable_norm_outer_blocks", 0);
        json.put("kernel_size", seanet.kernel());
        json.put("residual_kernel_size", seanet.residualKernel());
        json.put("last_kernel_size", seanet.lastKernel());
        json.put("norm", "none");
        json.put("pad_mode", "constant");
        json.put("ratios", seanet.ratios());
        json.put("true_skip", true);
        return json;
    }

    private static Map<String, Object> transformer(MimiConfig.Transformer transformer, int latent) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("d_model", transformer.dim());
        json.put("num_heads", transformer.heads());
        json.put("num_layers", transformer.layers());
        json.put("causal", true);
        json.put("layer_scale", LAYER_SCALE);
        json.put("context", transformer.context());
        json.put("conv_layout", true);
        json.put("max_period", plain(transformer.maxPeriod()));
        json.put("gating", "none");
        json.put("norm", "layer_norm");
        json.put("positional_embedding", "rope");
        json.put("dim_feedforward", transformer.feedForward());
        json.put("input_dimension", latent);
        json.put("output_dimensions", List.of(latent));
        return json;
    }

    private static Map<String, Object> siglip(VisionConfig vision) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_type", "siglip_vision_model");
        json.put("hidden_size", vision.hidden());
        json.put("intermediate_size", vision.intermediate());
        json.put("num_hidden_layers", vision.layers());
        json.put("num_attention_heads", vision.heads());
        json.put("image_size", vision.imageSize());
        json.put("patch_size", vision.patchSize());
        json.put("num_channels", vision.channels());
        json.put("layer_norm_eps", vision.normEpsilon());
        json.put("hidden_act", "gelu_pytorch_tanh");
        json.put("vision_use_head", false);
        return json;
    }

    /** Whole numbers stand without a point, as in the reference's files. */
    private static Number plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? (Number) (long) value : value;
    }
}
