package io.github.moshivis.loading;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.load.WeightReads;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Counts the bytes of weights that a step reads, from the tensors as they were loaded. */
final class WeightReadCounter {
    /** Names of the codec's encoder in its file. */
    private static final String ENCODER = "(encoder|encoder_transformer|downsample|quantizer\\.\\w+\\.input_proj)\\..*";

    private static final String DECODER = "(decoder|decoder_transformer|upsample|quantizer\\.\\w+\\.output_proj)\\..*";

    /** Compared with all their vectors to encode; to decode, one vector is looked up. */
    private static final String CODEBOOKS = "quantizer\\.\\w+\\.vq\\..*";

    private WeightReadCounter() {}

    /**
     * Counts the bytes.
     *
     * @param config the language model's sizes
     * @param codecEntries vectors of a codebook
     * @param lm bytes of its tensors, by our names
     * @param codec bytes of the codec's tensors, by our names
     * @param position bytes of the keys and values of a position in all layers
     */
    static WeightReads count(
            LmConfig config, int codecEntries, Map<String, Long> lm, Map<String, Long> codec, long position) {
        return new WeightReads(
                sum(codec, name -> name.matches(ENCODER) || name.matches(CODEBOOKS)),
                sum(lm, name -> name.startsWith("temporal.") && !isAdapter(name))
                        + sum(lm, "text.head"::equals)
                        + sum(lm, "text.embedding"::equals) / (config.textCard() + 1)
                        + sum(lm, name -> name.startsWith("audio.embedding.")) / (config.audioCard() + 1),
                sum(lm, WeightReadCounter::isAdapter)
                        + config.layers() * sum(lm, name -> name.equals("cross.query") || name.equals("cross.output")),
                sum(lm, name -> name.startsWith("depth.") && !name.endsWith(".embedding"))
                        + sum(lm, "depth.0.embedding"::equals) / (config.textCard() + 1)
                        + sum(lm, name -> name.matches("depth\\.[1-9]\\d*\\.embedding")) / (config.audioCard() + 1),
                sum(codec, name -> name.matches(DECODER)) + sum(codec, name -> name.matches(CODEBOOKS)) / codecEntries,
                position,
                config.context());
    }

    /**
     * Selects what the codec's encoder is made of.
     *
     * @param codec names of the codec's tensors
     * @return those of the encoder and of the codebooks
     */
    static Set<String> encoderTensors(Set<String> codec) {
        return codec.stream()
                .filter(name -> name.matches(ENCODER) || name.matches(CODEBOOKS))
                .collect(Collectors.toSet());
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
