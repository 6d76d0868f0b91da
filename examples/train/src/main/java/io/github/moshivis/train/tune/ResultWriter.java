package io.github.moshivis.train.tune;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.layout.AdapterFiles;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.TensorStore;
import io.github.moshivis.weights.file.TensorFiles;
import io.github.moshivis.weights.names.MoshiNames;
import io.github.moshivis.weights.names.PytorchNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes what a run has learned in a form that loads: an adapter with its configuration, or a whole model with all files beside it in the
 * form that the base has.
 */
final class ResultWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TunedModel model;
    private final TuningSettings.Target target;

    ResultWriter(TunedModel model, TuningSettings.Target target) {
        this.model = model;
        this.target = target;
    }

    /** Writes into an empty directory. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Scope scope = Scope.open()) {
            if (target.saveAdapter()) {
                TensorStore.write(directory.resolve(AdapterFiles.WEIGHTS), adapter(), name -> model.adapterType());
                JSON.writerWithDefaultPrettyPrinter()
                        .writeValue(directory.resolve(ModelLayout.MOSHI_CONFIG).toFile(), configuration());
            } else {
                copyBeside(directory);
                TensorStore.write(
                        directory.resolve(model.files().lm().getFileName()),
                        Autograd.withoutGradient(this::merged),
                        model::type);
            }
        }
    }

    private Map<String, Tensor> adapter() {
        int codebooks = model.config().lm().modelCodebooks();
        Network network = model.network();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        if (target.kind().hasVision()) {
            tensors.putAll(network.base().trainedAs(PytorchNames.sight()));
        }
        if (target.kind().hasPairs()) {
            tensors.putAll(network.pairs().all());
            tensors.putAll(network.base().trainedAs(MoshiNames.split(codebooks)));
        }
        return tensors;
    }

    /** The tensors of the model's file, with the adapter's products added. */
    private Map<String, Tensor> merged() {
        return model.network().pairs() == null
                ? model.network().base().all()
                : model.network().adapter().merged(model.network().base());
    }

    /** Everything in the model's directory but the language model: links where the file system has them. */
    private void copyBeside(Path directory) throws IOException {
        Path from = model.files().lm().getParent();
        List<Path> kept;
        try (Stream<Path> files = Files.list(from)) {
            kept = files.filter(Files::isRegularFile)
                    .filter(file -> file.equals(model.files().mimi()) || !TensorFiles.isContainer(file))
                    .toList();
        }
        for (Path file : kept) {
            Path target = directory.resolve(file.getFileName());
            try {
                Files.createLink(target, file.toRealPath());
            } catch (UnsupportedOperationException | IOException e) {
                Files.copy(file, target); // another file system, or one without links
            }
        }
    }

    /** Keys of moshi's own configuration, and what the adapter is. */
    private Map<String, Object> configuration() {
        LmConfig lm = model.config().lm();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_type", "moshi");
        json.put("dim", lm.dim());
        json.put("text_card", lm.textCard());
        json.put("existing_text_padding_id", lm.paddingToken());
        json.put("n_q", lm.audioStreams());
        json.put("dep_q", lm.modelCodebooks());
        json.put("card", lm.audioCard());
        json.put("num_heads", lm.heads());
        json.put("num_layers", lm.layers());
        json.put("hidden_scale", lm.hiddenScale());
        json.put("causal", true);
        json.put("context", lm.context());
        json.put("max_period", lm.maxPeriod());
        json.put("gating", "silu");
        json.put("norm", "rms_norm_f32");
        json.put("positional_embedding", "rope");
        json.put("depformer_dim", lm.depth().dim());
        json.put("depformer_dim_feedforward", lm.depth().feedForward());
        json.put("depformer_num_heads", lm.depth().heads());
        json.put("depformer_num_layers", lm.depth().layers());
        json.put("depformer_context", lm.depth().context());
        json.put("depformer_causal", true);
        json.put("depformer_multi_linear", true);
        json.put("depformer_weights_per_step", true);
        json.put("depformer_gating", "silu");
        json.put("depformer_pos_emb", "none");
        json.put("delays", lm.delays());
        json.put("lora", target.kind().hasPairs());
        if (target.kind().hasPairs()) {
            json.put("lora_rank", target.rank());
            json.put("lora_scaling", target.scaling());
        }
        if (target.kind().hasVision()) {
            json.put("vision_adapter", true);
        }
        return json;
    }
}
