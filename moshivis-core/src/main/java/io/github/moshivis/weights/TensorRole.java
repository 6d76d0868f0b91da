package io.github.moshivis.weights;

/** Role of a tensor in a model, stated by the code that loads the tensor; stages of a step and parts of a model are sums over roles. */
public enum TensorRole {
    /** Not stated, where single tensors are read. */
    UNSTATED,
    /** Embeddings of text pieces, the input of the temporal transformer; a step reads one row. */
    TEXT_EMBEDDING,
    /** Embeddings of the codes of one audio stream, the input of the temporal transformer; a step reads one row. */
    AUDIO_EMBEDDING,
    /** The temporal transformer, without the cross-attention to pictures. */
    TEMPORAL,
    /** The head of text pieces. */
    TEXT_HEAD,
    /** A head of pauses, in speech to text. */
    PAUSE_HEAD,
    /** The picture's projection, the cross-attention, its norms and gates; read only while there is a picture. */
    VISION_ADAPTER,
    /** The image encoder; not read by steps. */
    IMAGE_ENCODER,
    /** The depth transformer, without its embeddings and heads. */
    DEPTH,
    /** Embeddings of text pieces, the input of the depth transformer's first sub-step; a step reads one row. */
    DEPTH_TEXT_EMBEDDING,
    /** Embeddings of audio codes, the input of a later sub-step; a step reads one row. */
    DEPTH_AUDIO_EMBEDDING,
    /** A head of audio codes. */
    AUDIO_HEAD,
    /** The codec's encoder. */
    ENCODER,
    /** A codebook: compared with all its vectors to encode; to decode, one vector is looked up. */
    CODEBOOK,
    /** The codec's decoder. */
    DECODER
}
