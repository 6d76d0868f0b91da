package io.github.moshivis.programs;

import io.github.moshivis.load.BundledModel;
import java.nio.file.Path;

/** The nano model with its first question, "What do you see?", and its first picture of more than one shape. */
public final class NanoDemo implements Demo {
    /** Seconds of the model's longest answer. */
    public static final double TAIL_SECONDS = 6;

    private static final String QUESTION = "What do you see?";
    private static final String PICTURE = "a blue square and a yellow star";

    private BundledModel nano;

    /** Creates a demo without unpacking anything. */
    public NanoDemo() {}

    /**
     * Unpacks the bundle, once.
     *
     * @return the model with all its pictures and questions
     */
    public BundledModel bundle() {
        if (nano == null) {
            nano = BundledModel.nano();
        }
        return nano;
    }

    /**
     * Returns the default picture.
     *
     * @return the picture
     */
    public BundledModel.Picture shown() {
        return bundle().picture(PICTURE);
    }

    /**
     * Returns the default question.
     *
     * @return the question
     */
    public BundledModel.Question asked() {
        return bundle().question(QUESTION);
    }

    @Override
    public Path model() {
        return bundle().directory();
    }

    @Override
    public Path clip() {
        return asked().file();
    }

    @Override
    public Path picture() {
        return shown().file();
    }

    @Override
    public double tailSeconds() {
        return TAIL_SECONDS;
    }
}
