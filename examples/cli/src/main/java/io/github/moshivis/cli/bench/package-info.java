/**
 * Measurements that a user can repeat: how fast products are on this machine against its memory, and what fewer bits change in what a
 * model computes. API: records of numbers, nothing is printed.
 *
 * <p>Everything runs on the calling thread, blocks, and takes seconds to minutes; a measurement shares nothing with loaded models
 * but the processor and LibTorch's process-wide thread settings. Imports what is behind the API: {@code .engine}, {@code .layout},
 * {@code .lm}, {@code .loading}, {@code .nn}, {@code .plugin}, {@code .stream}, {@code .tensor}, {@code .weights} with its packages.
 */
package io.github.moshivis.cli.bench;
