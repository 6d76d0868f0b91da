/**
 * Measurements that users can repeat: speed of products compared with memory, and errors of weights in fewer bits. Results are records;
 * nothing is printed.
 *
 * <p>Everything runs on the calling thread, blocks, and takes seconds to minutes; a measurement shares
 * only the processor and LibTorch's process-wide thread settings with loaded models. Imports internal packages: {@code .engine}, {@code .layout},
 * {@code .lm}, {@code .loading}, {@code .nn}, {@code .plugin}, {@code .stream}, {@code .tensor}, {@code .weights} with its packages.
 */
package io.github.moshivis.cli.bench;
