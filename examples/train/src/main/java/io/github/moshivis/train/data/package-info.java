/**
 * Recorded dialogues as training data, in the format of moshi-finetune with a picture beside it. Imports {@code
 * io.github.moshivis.train.model}, {@code .audio} and core.
 */
package io.github.moshivis.train.data;
