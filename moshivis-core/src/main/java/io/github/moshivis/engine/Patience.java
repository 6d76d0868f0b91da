package io.github.moshivis.engine;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How to open when all slots are taken.
 *
 * @param timeout how long to wait at most
 * @param listener hears of the place in the queue when it is taken and whenever its position changes, on the waiting thread
 */
public record Patience(Duration timeout, Consumer<? super Place> listener) {}
