package io.github.moshivis.train.tune;

import java.time.Duration;
import java.util.Locale;

/**
 * A step of training.
 *
 * @param step steps that were taken, this one included
 * @param steps of the run
 * @param loss text and audio loss together
 * @param textLoss weighted mean over the batch
 * @param audioLoss weighted mean over the batch
 * @param gradientNorm before clipping
 * @param learningRate of this step
 * @param framesPerSecond frames of dialogue in a second of this step
 * @param remaining until the end of the run, at the mean speed so far
 */
public record StepReport(
        int step,
        int steps,
        double loss,
        double textLoss,
        double audioLoss,
        double gradientNorm,
        double learningRate,
        double framesPerSecond,
        Duration remaining) {
    /**
     * One line for people, the most important first.
     *
     * @return the line, without its end
     */
    public String line() {
        return String.format(
                Locale.ROOT,
                "step %d/%d, %d %%, %d:%02d:%02d left  loss %.4f (text %.4f, audio %.4f)  lr %.2e  norm %.2f  %.0f frames/s",
                step,
                steps,
                100L * step / steps,
                remaining.toHours(),
                remaining.toMinutesPart(),
                remaining.toSecondsPart(),
                loss,
                textLoss,
                audioLoss,
                learningRate,
                gradientNorm,
                framesPerSecond);
    }
}
