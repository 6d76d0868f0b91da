package io.github.moshivis.transcript;

import java.util.OptionalDouble;

/**
 * A word that was heard, its punctuation included. While it is open it may still grow; nothing that was written is ever changed.
 *
 * @param number the word's number in its transcript, from 0; the same in all its versions
 * @param text the word without spaces around it, never empty
 * @param start seconds from the beginning of the sound, about; never less than that of the word before
 * @param end seconds from the beginning of the sound, about; empty while nothing is known of it, always there once the word is final
 * @param isFinal true if the word grows no more
 */
public record Word(long number, String text, double start, OptionalDouble end, boolean isFinal) {}
