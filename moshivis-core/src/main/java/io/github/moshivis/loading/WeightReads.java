package io.github.moshivis.loading;

import io.github.moshivis.layout.LmConfig;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Bytes of weights that the stages of a step read, counted from the tensors as they were loaded: packed ones in their packed form, of
 * embeddings the rows that are looked up, everything else once, but matrices that all layers share once for each layer. That does not
 * depend on the number of conversations. Keys and values, which each conversation reads besides, are counted by the position.
 *
 * @param encode the codec's encoder
 * @param temporal the temporal transformer, its embeddings and the text head, without pictures
 * @param looking what steps that look at a picture read besides, in the temporal transformer
 * @param depth the depth transformer, its embeddings and heads
 * @param decode the codec's decoder
 * @param position keys and values of one past step or of one image token, in all layers of the temporal transformer
 * @param context past steps that a step attends to at most, itself included
 */
public record WeightReads(
        long encode, long temporal, long looking, long depth, long decode, long position, int context) {
    /** Names of the codec's encoder in its file. */
    private static final String ENCODER = "(encoder|encoder_transformer|downsample|quantizer\\.\\w+\\.input_proj)\\..*";

    private static final String DECODER = "(decoder|decoder_transformer|upsample|quantizer\\.\\w+\\.output_proj)\\..*";

    /** Compared with all their vectors to encode; to decode, one vector is looked up. */
    private static final String CODEBOOKS = "quantizer\\.\\w+\\.vq\\..*";

    /**
     * All stages of a step.
     *
     * @param picture whether the step looks at a picture
     * @return their sum
     */
    public long total(boolean picture) {
        return encode + temporal + (picture ? looking : 0) + depth + decode;
    }

    /**
     * Counts.
     *
     * @param config the language model's sizes
     * @param codecEntries vectors of a codebook
     * @param lm bytes of its tensors, by our names
     * @param codec bytes of the codec's tensors, by our names
     * @param position bytes of the keys and values of a position in all layers
     */
    static WeightReads of(
            LmConfig config, int codecEntries, Map<String, Long> lm, Map<String, Long> codec, long position) {
        return new WeightReads(
                sum(codec, name -> name.matches(ENCODER) || name.matches(CODEBOOKS)),
                sum(lm, name -> name.startsWith("temporal.") && !isAdapter(name))
                        + sum(lm, "text.head"::equals)
                        + sum(lm, "text.embedding"::equals) / (config.textCard() + 1)
                        + sum(lm, name -> name.startsWith("audio.embedding.")) / (config.audioCard() + 1),
                sum(lm, WeightReads::isAdapter)
                        + config.layers() * sum(lm, name -> name.equals("cross.query") || name.equals("cross.output")),
                sum(lm, name -> name.startsWith("depth.") && !name.endsWith(".embedding"))
                        + sum(lm, "depth.0.embedding"::equals) / (config.textCard() + 1)
                        + sum(lm, name -> name.matches("depth\\.[1-9]\\d*\\.embedding")) / (config.audioCard() + 1),
                sum(codec, name -> name.matches(DECODER)) + sum(codec, name -> name.matches(CODEBOOKS)) / codecEntries,
                position,
                config.context());
    }

    /** Layers' own norms and gates of what they see. */
    private static boolean isAdapter(String name) {
        return name.matches("temporal\\.layers\\.\\d+\\.(cross|gate)\\..*");
    }

    private static long sum(Map<String, Long> bytes, Predicate<String> which) {
        return bytes.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
