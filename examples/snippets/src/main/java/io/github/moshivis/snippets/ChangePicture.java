package io.github.moshivis.snippets;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Example: starts without a picture, sets one after a while, removes it again, and hangs up. */
public final class ChangePicture {
    private ChangePicture() {}

    /**
     * Holds a conversation of three pauses. Its source must not end earlier: an ended conversation takes no picture.
     *
     * @param model a model with vision
     * @param source the user, for instance a microphone
     * @param sink the listener
     * @param picture a picture
     * @param pause time before, with and after the picture
     * @throws IOException if the picture cannot be read
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static void run(MoshiVis model, AudioSource source, AudioSink sink, Path picture, Duration pause)
            throws IOException, InterruptedException {
        // sample: change-picture
        try (Conversation conversation = model.session().start(source, sink)) {
            Thread.sleep(pause.toMillis());
            conversation.image(Image.read(picture)); // encoded between frames; used as soon as it is ready
            Thread.sleep(pause.toMillis());
            conversation.clearImage();
            Thread.sleep(pause.toMillis());
            conversation.stop();
            conversation.join();
        }
        // end
    }
}
