package io.github.moshivis.load;

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
    /**
     * Sums all stages of a step.
     *
     * @param picture whether the step looks at a picture
     * @return their sum
     */
    public long total(boolean picture) {
        return encode + temporal + (picture ? looking : 0) + depth + decode;
    }
}
