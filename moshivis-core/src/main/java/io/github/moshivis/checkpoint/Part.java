package io.github.moshivis.checkpoint;

import java.util.Map;
import java.util.Optional;

/** Parts of a model whose sizes are of interest. */
public enum Part {
    /** The temporal transformer, without what attends the image. */
    TEMPORAL("temporal transformer"),
    /** The depth transformer, without its embeddings and heads. */
    DEPTH("depth transformer"),
    /** Embeddings of text pieces, of both transformers. */
    TEXT_EMBEDDINGS("text embeddings"),
    /** Embeddings of audio codes, of both transformers. */
    AUDIO_EMBEDDINGS("audio embeddings"),
    /** The head of text pieces. */
    TEXT_HEAD("text head"),
    /** The heads of pauses, in speech to text. */
    PAUSE_HEADS("pause heads"),
    /** The heads of audio codes. */
    AUDIO_HEADS("audio heads"),
    /** The image's projection, the cross-attention, its norms and gates. */
    VISION_ADAPTERS("vision adapters"),
    /** The image encoder. */
    VISION_TOWER("vision tower"),
    /** The speech codec. */
    CODEC("codec");

    /** By how our names start, or by a part of them; the longer one counts. */
    private static final Map<String, Part> BY_PREFIX = Map.of(
            "temporal.", TEMPORAL,
            "depth.", DEPTH,
            "text.embedding", TEXT_EMBEDDINGS,
            "audio.embedding.", AUDIO_EMBEDDINGS,
            "text.head", TEXT_HEAD,
            "pause.", PAUSE_HEADS,
            "cross.", VISION_ADAPTERS,
            "image.", VISION_ADAPTERS,
            "image.encoder.", VISION_TOWER);

    private final String label;

    Part(String label) {
        this.label = label;
    }

    /**
     * Returns the name for people.
     *
     * @return a few words
     */
    public String label() {
        return label;
    }

    /** The part of one of the language model's tensors, by our name. */
    static Part of(String ours) {
        if (ours.startsWith("temporal.layers.") && (ours.contains(".cross.") || ours.contains(".gate."))) {
            return VISION_ADAPTERS;
        }
        if (ours.equals("depth.0.embedding")) {
            return TEXT_EMBEDDINGS;
        }
        if (ours.startsWith("depth.") && !ours.contains(".layers.")) {
            return ours.endsWith(".embedding") ? AUDIO_EMBEDDINGS : ours.endsWith(".head") ? AUDIO_HEADS : DEPTH;
        }
        Optional<String> prefix = BY_PREFIX.keySet().stream()
                .filter(ours::startsWith)
                .max((a, b) -> Integer.compare(a.length(), b.length()));
        return BY_PREFIX.get(prefix.orElseThrow(() -> new IllegalStateException("No part of a model has " + ours)));
    }
}
