package io.github.moshivis.engine;

import io.github.moshivis.lm.Prompt;

/**
 * Voice and role of a PersonaPlex conversation.
 *
 * @param key equal for equal prompts: the state after one is kept and used again
 * @param voice samples of a voice, F32 at 24 kHz in whole frames; null for none or a stored one
 * @param stored a voice as embeddings; null for none or a recorded one
 * @param role tokens of the role text; empty for none
 */
public record PromptRequest(Object key, float[] voice, Prompt.StoredVoice stored, int[] role) {}
