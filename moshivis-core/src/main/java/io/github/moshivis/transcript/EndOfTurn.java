package io.github.moshivis.transcript;

/**
 * End of a user's turn: words, then a pause. All words of the turn are final.
 *
 * @param time seconds from the beginning of the sound at which the pause was recognized
 */
public record EndOfTurn(double time) {}
