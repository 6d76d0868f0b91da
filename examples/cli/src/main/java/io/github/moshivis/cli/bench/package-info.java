/**
 * Measurements that a user can repeat: how fast products are on this machine against its memory, and what fewer bits change in what a
 * model computes. API: records of numbers, nothing is printed.
 *
 * <p>Everything runs on the calling thread, blocks, and takes seconds to minutes; a measurement shares nothing with loaded models
 * but the processor and LibTorch's process-wide thread settings. Imports {@code .config}, {@code .lm}, {@code .nn}, {@code .stream},
 * {@code .tensor}, {@code .weights}.
 */
package io.github.moshivis.cli.bench;
