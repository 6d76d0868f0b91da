package io.github.moshivis.loading;

import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.weights.WeightPlan;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Comparison of the codecs of two models: where both encode alike, one pass of an encoder serves both. */
public final class SharedCodec {
    private SharedCodec() {}

    /**
     * Returns whether the codec of a model that is going to be loaded encodes as that of a speech-to-text model does.
     *
     * @param path the model of conversations
     * @param options its options
     * @param stt the loaded speech-to-text model
     * @return true if sizes and weights of the encoders and of the codebooks that speech to text reads are equal
     */
    public static boolean isSame(Path path, LoadOptions options, LoadedModel stt) {
        ModelDirectory directory = ModelDirectory.read(path);
        Path codec = options.mimiFile().orElse(directory.files().mimi()).toAbsolutePath();
        MimiConfig mine = directory.config().mimi();
        MimiConfig theirs = stt.config().mimi();
        int codebooks = stt.config().lm().audioStreams();
        if (!Files.isRegularFile(codec)
                || mine.quantizer().codebooks() < codebooks
                || !mine.seanet().equals(theirs.seanet())
                || !mine.transformer().equals(theirs.transformer())
                || mine.quantizer().bins() != theirs.quantizer().bins()
                || mine.quantizer().dimension() != theirs.quantizer().dimension()) {
            return false;
        }
        try {
            return Files.isSameFile(codec, stt.codec())
                    || sameTensors(codec, stt.codec(), encoderTensors(theirs, codebooks));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot compare the codecs " + codec + " and " + stt.codec(), e);
        }
    }

    private static Set<String> encoderTensors(MimiConfig config, int codebooks) {
        WeightPlan plan = WeightPlan.of(reader ->
                Providers.speechCodec().load(reader, SpeechCodec.Forms.EXACT.encoderOnly(), config, codebooks));
        return plan.tensors().keySet();
    }

    private static boolean sameTensors(Path one, Path other, Set<String> names) {
        try (TensorFile first = SafetensorsFile.open(one);
                TensorFile second = SafetensorsFile.open(other)) {
            return names.stream().allMatch(name -> isSame(first, second, name));
        }
    }

    private static boolean isSame(TensorFile first, TensorFile second, String name) {
        StoredTensor one = first.tensors().get(name);
        StoredTensor other = second.tensors().get(name);
        return one != null
                && other != null
                && one.type() == other.type()
                && one.shape().equals(other.shape())
                && first.bytes(name).slice().equals(second.bytes(name).slice());
    }
}
