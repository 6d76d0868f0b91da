package io.github.moshivis.train.tune;

import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.ModelFiles;
import io.github.moshivis.lm.LanguageModelFile;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.load.Norms;
import io.github.moshivis.loading.OptionForms;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.train.data.DialogueReader;
import io.github.moshivis.train.model.AdapterParameters;
import io.github.moshivis.train.model.MimiSequence;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.tune.TuningSettings.Kind;
import io.github.moshivis.weights.TensorRole;
import io.github.moshivis.weights.WeightPlan;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.names.CheckpointFormat;
import io.github.moshivis.weights.names.TensorNames;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A model that is trained, with all that reads its data. Owns the parameters. Belongs to a scope for training. */
final class TunedModel implements AutoCloseable {
    private static final Set<TensorRole> EMBEDDINGS = EnumSet.of(
            TensorRole.TEXT_EMBEDDING,
            TensorRole.AUDIO_EMBEDDING,
            TensorRole.DEPTH_TEXT_EMBEDDING,
            TensorRole.DEPTH_AUDIO_EMBEDDING);

    private final TuningSettings settings;
    private final ModelFiles files;
    private final ModelConfig config;
    private final Norms norms;
    private final Map<String, StoredType> types = new HashMap<>();
    private final Network network;
    private final Parameters codec;
    private final DialogueReader reader;

    private TunedModel(TuningSettings settings, ModelDirectory directory) {
        this.settings = settings;
        LanguageModelFile lm = LanguageModelFile.open(LanguageModelFile.locate(directory), directory);
        this.files = directory.files().lm(lm.file().path()).checkPresent(true);
        this.config = lm.config();
        this.norms = CheckpointFormat.seesImages(lm.file().tensors().keySet()) ? Norms.PYTORCH : Norms.RUST;
        lm.file().tensors().forEach((name, tensor) -> types.put(name, tensor.type()));
        Set<String> trained = trained();
        // The other tensors stay in the file's type, which takes half the memory.
        Set<String> read = trained.stream()
                .flatMap(name -> lm.names().locate(name).stream())
                .map(TensorNames.Location::fileName)
                .collect(Collectors.toSet());
        Parameters base = Parameters.read(lm.file(), lm.names(), settings.device(), read::contains);
        this.network = trainable(base, trained::contains);
        this.codec = Parameters.read(SafetensorsFile.open(files.mimi()), TensorNames.SAME, settings.device());
        this.reader = newReader();
    }

    /** Opens the model that the settings name. */
    static TunedModel open(TuningSettings settings) {
        return new TunedModel(settings, ModelDirectory.read(settings.model()));
    }

    private Network trainable(Parameters base, Predicate<String> trained) {
        TuningSettings.Target target = settings.target();
        Network plain = network(base, null);
        if (target.kind().hasVision() && plain.vision() == null) {
            throw new IllegalArgumentException("Cannot train the part that sees: " + files.lm()
                    + " holds a model without cross-attention. Take MoshiVis, or train an adapter (lora.enable)");
        }
        base.train(trained);
        if (!target.kind().hasPairs()) {
            return plain;
        }
        Parameters pairs = AdapterParameters.create(
                base, config.lm().modelCodebooks(), target.rank(), new Random(settings.seed()));
        Network adapted = network(base, pairs);
        pairs.train(name -> true);
        return adapted;
    }

    private Network network(Parameters base, Parameters pairs) {
        return Network.of(
                config,
                norms,
                settings.compute(),
                base,
                pairs,
                settings.target().scaling());
    }

    /** Our names of the tensors that are trained: by their roles, which the loaders state. */
    private Set<String> trained() {
        WeightPlan plan = WeightPlan.of(weights -> {
            LanguageModelLoader.load(weights, config.lm(), OptionForms.depthNorm(norms));
            if (config.lm().seesImages()) {
                Providers.imageEncoder().load(weights.at("image"), config, OptionForms.imageNorm(norms));
            }
        });
        Set<TensorRole> roles = roles(settings.target());
        return plan.entries().entrySet().stream()
                .filter(entry -> roles.contains(entry.getValue().use().role()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Set<TensorRole> roles(TuningSettings.Target target) {
        if (target.kind() == Kind.FULL) {
            return EnumSet.complementOf(EnumSet.of(TensorRole.IMAGE_ENCODER));
        }
        Set<TensorRole> roles = EnumSet.noneOf(TensorRole.class);
        if (target.kind().hasVision()) {
            roles.add(TensorRole.VISION_ADAPTER);
        }
        if (target.kind().hasPairs() && target.embeddings()) {
            roles.addAll(EMBEDDINGS);
        }
        return roles;
    }

    private DialogueReader newReader() {
        int codebooks = Math.max(config.lm().modelCodebooks(), config.lm().userCodebooks());
        return new DialogueReader(
                config,
                new MimiSequence(codec, config.mimi(), codebooks),
                Vocabulary.read(files.tokenizer()).encoder(),
                network.vision() == null
                        ? null
                        : new DialogueReader.Vision(
                                pixels(), network.vision(), config.vision().imageSize()),
                settings.batch().duration(),
                settings.data().alignment(),
                settings.device());
    }

    /** An encoder without weights: pictures are decoded and resized as it does, and encoded by the network. */
    private ImageEncoder pixels() {
        List<ImageEncoder> encoders = new ArrayList<>();
        WeightPlan.of(weights ->
                encoders.add(Providers.imageEncoder().load(weights.at("image"), config, OptionForms.imageNorm(norms))));
        return encoders.get(0);
    }

    /** The network of the calling thread. */
    Network network() {
        return network;
    }

    /** A network over the same numbers for another thread, owned by the caller. */
    Network replica() {
        Parameters pairs = network.pairs() == null ? null : network.pairs().replica();
        return network(network.base().replica(), pairs);
    }

    DialogueReader reader() {
        return reader;
    }

    ModelConfig config() {
        return config;
    }

    ModelFiles files() {
        return files;
    }

    /** The type in which the model's file stores a tensor. */
    StoredType type(String name) {
        return types.get(name);
    }

    /** The type of adapters: that of the computation. */
    StoredType adapterType() {
        return settings.compute() == DType.BF16 ? StoredType.BF16 : StoredType.F32;
    }

    @Override
    public void close() {
        network.close();
        codec.close();
    }
}
