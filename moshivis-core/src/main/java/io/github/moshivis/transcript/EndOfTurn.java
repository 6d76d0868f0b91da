package io.github.moshivis.transcript;

/**
 * The user has said something and stopped talking. All words of the turn are final by then.
 *
 * @param time seconds from the beginning of the sound at which the pause was recognized
 */
public record EndOfTurn(double time) {}
