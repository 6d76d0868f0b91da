package io.github.moshivis.evaluate;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A spoken question with its right answer.
 *
 * @param id the name within its set, which can be the name of a file: letters, digits, dots, hyphens and underscores, no dot first
 * @param kind the kind of question, by which answers are counted
 * @param question the words of the question, for people; may be empty
 * @param want the right answer, to the letter, without spaces at its ends
 * @param sound the spoken question: a WAV or Opus file
 * @param picture the picture that it is about; empty for none
 * @param end seconds from the start of the sound to the end of the question; empty for the end of the sound
 */
public record EvaluationCase(
        String id, String kind, String question, String want, Path sound, Optional<Path> picture, OptionalDouble end) {}
