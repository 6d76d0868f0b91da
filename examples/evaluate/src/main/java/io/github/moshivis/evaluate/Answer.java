package io.github.moshivis.evaluate;

import io.github.moshivis.Reply;
import io.github.moshivis.TextPiece;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** A running answer: listener of a conversation, and sink of its audio, which is only measured. */
final class Answer implements AudioSink {
    private static final double FRAME_SECONDS = 1 / AudioSource.FRAME_RATE;
    private static final double DECIBELS_PER_DECADE = 20;
    private static final double MILLISECONDS = 1000;
    private static final double TENTHS = 10;

    private final StringBuilder text = new StringBuilder();
    private final List<Double> levels = new ArrayList<>();
    private long firstWord = -1;

    /** Takes a reply; called by the conversation, in order. */
    void reply(Reply reply) {
        reply.output().ifPresent(output -> levels.add(level(output.pcm())));
    }

    /** Takes a piece of text; called by the conversation, in order. */
    void text(TextPiece piece) {
        text.append(piece.text());
        if (firstWord < 0 && !piece.text().isBlank()) {
            firstWord = piece.frame();
        }
    }

    /** Returns the answer after the end of the conversation. */
    CaseResult result(EvaluationCase question, double end) {
        double loudest = levels.stream()
                .limit((long) Math.ceil(end / FRAME_SECONDS))
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(CaseResult.SILENCE);
        return new CaseResult(
                question.id(),
                question.kind(),
                question.question(),
                question.want(),
                text.toString().strip(),
                firstWord < 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(rounded(firstWord * FRAME_SECONDS - end, MILLISECONDS)),
                rounded(loudest, TENTHS));
    }

    private static double rounded(double value, double parts) {
        return Math.round(value * parts) / parts;
    }

    /** Returns the root mean square in dBFS. */
    private static double level(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += (double) sample * sample;
        }
        double rms = Math.sqrt(sum / samples.length);
        return Math.max(CaseResult.SILENCE, DECIBELS_PER_DECADE * Math.log10(rms));
    }

    @Override
    public void write(float[] samples, int offset, int length) {}

    @Override
    public void close() {}
}
