/**
 * Native kernels of this library for the CPU: matrix products that read weights at the speed of memory, and attention. C++ sources are in {@code
 * src/main/native}, compiled for each platform into {@code META-INF/native/<platform>} of the jar.
 *
 * <p>{@link io.github.moshivis.kernel.Kernels} loads the library once a process and reports the instruction set. The rest works on plain addresses
 * without tensors: callers keep memory alive and shapes right. Where there is no library, {@code .tensor} multiplies
 * with LibTorch. Internal. Imports {@code .layout}, for the folder that the library is unpacked to.
 */
package io.github.moshivis.kernel;
