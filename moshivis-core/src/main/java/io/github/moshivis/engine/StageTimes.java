package io.github.moshivis.engine;

/**
 * How long the stages of one tick took, in nanoseconds. On a GPU, where work is only begun, all but the total are the times of
 * beginning it, and 0 in a tick that is replayed as a whole.
 *
 * @param encode the codec's encoder
 * @param temporal embeddings, temporal transformer and text token
 * @param depth the depth transformer
 * @param decode the codec's decoder
 * @param total the whole tick, results in plain Java included
 */
public record StageTimes(long encode, long temporal, long depth, long decode, long total) {}
