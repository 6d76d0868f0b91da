package io.github.moshivis.engine;

/**
 * Durations of one tick's stages in nanoseconds. On a GPU, where work is launched and not awaited, all but the total are launch times, and
 * 0 in a tick that is replayed as a whole.
 *
 * @param encode the codec's encoder
 * @param temporal embeddings, temporal transformer and text token
 * @param depth the depth transformer
 * @param decode the codec's decoder
 * @param total the whole tick, results in plain Java included
 */
public record StageTimes(long encode, long temporal, long depth, long decode, long total) {}
