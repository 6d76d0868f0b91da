/**
 * Fine-tuning of a model on recorded dialogues: settings, the loop, checkpoints, results that load. One thread runs it, and shares the
 * rows of a batch with helpers of its own. Imports the packages beside it.
 */
package io.github.moshivis.train.tune;
