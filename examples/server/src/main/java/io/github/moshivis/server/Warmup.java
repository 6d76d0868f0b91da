package io.github.moshivis.server;

import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.io.Image;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;

/** Runs the model once through before callers come: the first steps are slow, and what does not work shall fail now. */
final class Warmup {
    /** As the PyTorch server does: from the second on there is output. */
    private static final int FRAMES = 4;

    private static final int SIDE = 224;

    private Warmup() {}

    /**
     * Warms a model up; with a voice or a role, the state after them is kept for the first callers.
     *
     * @param begin a conversation as callers begin it that ask for nothing
     * @throws IllegalStateException if pictures are asked for that the model cannot look at
     */
    static void run(SessionOptions begin, ImageMode images) {
        SessionOptions options = begin;
        if (images != ImageMode.NONE) {
            options = options.image(Image.rgb(SIDE, SIDE, new byte[3 * SIDE * SIDE]));
        }
        try (Session session = options.open()) {
            for (int i = 0; i < FRAMES; i++) {
                session.step(new float[Session.FRAME_SAMPLES]);
            }
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + ". Or start the server with --image none", e);
        }
    }
}
