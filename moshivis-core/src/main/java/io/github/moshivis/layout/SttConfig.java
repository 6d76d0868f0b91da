package io.github.moshivis.layout;

import io.github.moshivis.io.AudioSource;

/**
 * Properties of a speech-to-text model. Source: {@code stt_config} and {@code extra_heads_*} of kyutai's {@code config.json}.
 *
 * @param delay seconds by which text trails the sound ({@code audio_delay_seconds})
 * @param silencePrefix seconds of silence that the model expects before the sound ({@code audio_silence_prefix_seconds})
 * @param pauseHeads heads for the probabilities of pauses, 0 if the weights have none
 * @param pauseClasses classes of each head; class 0 is the pause
 */
public record SttConfig(double delay, double silencePrefix, int pauseHeads, int pauseClasses) {
    /** Far above any released delay or prefix. */
    private static final double MAX_SECONDS = 60;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException naming the key, the value found, and the values allowed
     */
    public SttConfig {
        seconds("stt_config.audio_delay_seconds", delay);
        seconds("stt_config.audio_silence_prefix_seconds", silencePrefix);
        Validation.require(pauseHeads >= 0 && pauseHeads <= 64, "extra_heads_num_heads", pauseHeads, "0 to 64");
        if (pauseHeads > 0) {
            Validation.size("extra_heads_dim", pauseClasses);
        }
    }

    private static void seconds(String key, double value) {
        Validation.require(value >= 0 && value <= MAX_SECONDS, key, value, "seconds from 0 to " + MAX_SECONDS);
    }

    SttConfig pauseHeads(int heads, int classes) {
        return new SttConfig(delay, silencePrefix, heads, classes);
    }

    /**
     * Whole steps of the delay, rounded down as the reference's server does.
     *
     * @return steps of 80 ms
     */
    public int delaySteps() {
        return (int) (delay * AudioSource.FRAME_RATE);
    }
}
