package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.TensorRole;

/** Parts of a model whose sizes are of interest. */
public enum ModelPart {
    /** The temporal transformer, without the cross-attention to the image. */
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

    private final String label;

    ModelPart(String label) {
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

    /** The part that tensors of a role belong to. */
    static ModelPart of(TensorRole role) {
        return switch (role) {
            case TEMPORAL -> TEMPORAL;
            case DEPTH -> DEPTH;
            case TEXT_EMBEDDING, DEPTH_TEXT_EMBEDDING -> TEXT_EMBEDDINGS;
            case AUDIO_EMBEDDING, DEPTH_AUDIO_EMBEDDING -> AUDIO_EMBEDDINGS;
            case TEXT_HEAD -> TEXT_HEAD;
            case PAUSE_HEAD -> PAUSE_HEADS;
            case AUDIO_HEAD -> AUDIO_HEADS;
            case VISION_ADAPTER -> VISION_ADAPTERS;
            case IMAGE_ENCODER -> VISION_TOWER;
            case ENCODER, CODEBOOK, DECODER -> CODEC;
            case UNSTATED -> throw new IllegalStateException("A loader states no role of a tensor: add it there");
        };
    }
}
