package io.github.moshivis.loading;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.load.WeightReads;
import io.github.moshivis.weights.TensorRole;
import io.github.moshivis.weights.TensorUse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Counts the bytes of weights that a step reads, from the tensors as they were loaded. */
final class WeightReadCounter {
    /** Roles of the tensors that encoding reads. */
    private static final Set<TensorRole> ENCODING = EnumSet.of(TensorRole.ENCODER, TensorRole.CODEBOOK);

    private final List<TensorUse.Bytes> tensors;

    private WeightReadCounter(List<TensorUse.Bytes> tensors) {
        this.tensors = tensors;
    }

    /**
     * Counts the bytes.
     *
     * @param config the language model's sizes
     * @param lm the language model's tensors
     * @param codec the codec's tensors
     * @param position bytes of the keys and values of a position in all layers
     */
    static WeightReads count(LmConfig config, List<TensorUse.Bytes> lm, List<TensorUse.Bytes> codec, long position) {
        List<TensorUse.Bytes> all = new ArrayList<>(lm);
        all.addAll(codec);
        WeightReadCounter counter = new WeightReadCounter(all);
        return new WeightReads(
                counter.whole(ENCODING),
                counter.whole(EnumSet.of(TensorRole.TEMPORAL, TensorRole.TEXT_HEAD, TensorRole.PAUSE_HEAD))
                        + counter.row(EnumSet.of(TensorRole.TEXT_EMBEDDING, TensorRole.AUDIO_EMBEDDING)),
                counter.whole(EnumSet.of(TensorRole.VISION_ADAPTER)),
                counter.whole(EnumSet.of(TensorRole.DEPTH, TensorRole.AUDIO_HEAD))
                        + counter.row(EnumSet.of(TensorRole.DEPTH_TEXT_EMBEDDING, TensorRole.DEPTH_AUDIO_EMBEDDING)),
                config.isSpeechToText() ? 0 : counter.decoding(),
                position,
                config.context());
    }

    private long decoding() {
        return whole(EnumSet.of(TensorRole.DECODER)) + row(EnumSet.of(TensorRole.CODEBOOK));
    }

    private long whole(Set<TensorRole> roles) {
        return sum(roles, tensor -> tensor.use().passes() * tensor.all());
    }

    /** One row of each. */
    private long row(Set<TensorRole> roles) {
        return sum(roles, TensorUse.Bytes::row);
    }

    private long sum(Set<TensorRole> roles, ToLongFunction<TensorUse.Bytes> bytes) {
        return tensors.stream()
                .filter(tensor -> roles.contains(tensor.use().role()))
                .mapToLong(bytes)
                .sum();
    }
}
