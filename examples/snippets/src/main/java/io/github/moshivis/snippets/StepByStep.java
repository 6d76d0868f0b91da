package io.github.moshivis.snippets;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import java.util.Arrays;
import java.util.function.Consumer;

/** Example: drives the model frame by frame on the caller's own thread, without sources, sinks or other threads. */
public final class StepByStep {
    private StepByStep() {}

    /**
     * Feeds samples to the model in whole frames.
     *
     * @param model a model
     * @param samples 24 kHz mono; an incomplete frame at the end is left out
     * @param player receives the model's frames of 1920 samples
     * @return the words of the model
     */
    public static String run(MoshiVis model, float[] samples, Consumer<float[]> player) {
        StringBuilder words = new StringBuilder();
        int frame = Session.FRAME_SAMPLES;
        // sample: step
        try (Session session = model.session().open()) {
            for (int start = 0; start + frame <= samples.length; start += frame) {
                Reply reply = session.step(Arrays.copyOfRange(samples, start, start + frame)); // 80 ms, 24 kHz mono
                reply.output().ifPresent(output -> {
                    player.accept(output.pcm());
                    words.append(output.text().text());
                });
            }
        }
        // end
        return words.toString();
    }
}
