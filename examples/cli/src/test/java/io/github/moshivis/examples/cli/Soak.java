package io.github.moshivis.examples.cli;

import io.github.moshivis.LoadOptions;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.io.Image;
import io.github.moshivis.tensor.NativeMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Talks for a long time and often, and prints how the resident set and native objects develop. A program of its own, so that its
 * heap can be small and touched beforehand. Arguments: model directory, picture, frames of the long conversation, conversations.
 */
public final class Soak {
    /** Points at which memory is looked at, after as many for warming up. */
    private static final int POINTS = 20;

    private Soak() {}

    /** Runs both parts; prints one line for each: name, slope in bytes, whether native objects were equal at all points. */
    public static void main(String[] args) throws Exception {
        Image picture = Image.read(Path.of(args[1]));
        int frames = Integer.parseInt(args[2]);
        int conversations = Integer.parseInt(args[3]);
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        try (MoshiVis model =
                MoshiVis.load(Path.of(args[0]), LoadOptions.defaults().maxConversations(2))) {
            talkLong(model, picture, frames);
            talkOften(model, picture, conversations);
        }
        System.out.printf(Locale.ROOT, "left %b%n", NativeMemory.snapshot().equals(before));
    }

    private static void talkLong(MoshiVis model, Image picture, int frames) {
        Memory memory = new Memory("frames", Math.max(1, frames / POINTS));
        try (Session session = model.session(picture).open()) {
            Random random = new Random(1);
            for (int i = 0; i < 2 * POINTS * memory.interval; i++) {
                session.step(noise(random));
                memory.done(i);
            }
        }
        memory.print();
    }

    private static void talkOften(MoshiVis model, Image picture, int conversations) {
        Memory memory = new Memory("conversations", Math.max(1, conversations / POINTS));
        Random random = new Random(2);
        for (int i = 0; i < 2 * POINTS * memory.interval; i++) {
            try (Session session = model.session(picture).open()) {
                session.step(noise(random));
                session.image(picture);
                session.step(noise(random));
            }
            memory.done(i);
        }
        memory.print();
    }

    private static float[] noise(Random random) {
        float[] frame = new float[Session.FRAME_SAMPLES];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = 0.1f * (float) random.nextGaussian();
        }
        return frame;
    }

    /** Looks at memory at every interval of the second half. */
    private static final class Memory {
        private final String name;
        private final int interval;
        private final List<Double> resident = new ArrayList<>();
        private NativeMemory.Snapshot objects;
        private boolean equal = true;

        Memory(String name, int interval) {
            this.name = name;
            this.interval = interval;
        }

        void done(int index) {
            if ((index + 1) % interval == 0 && index >= POINTS * interval) {
                System.gc();
                NativeMemory.Snapshot now = NativeMemory.snapshot();
                equal &= objects == null || objects.equals(now);
                objects = now;
                resident.add((double) NativeMemory.residentBytes());
            }
        }

        /** The slope of a straight line through the points, in bytes a piece of work. */
        private double slope() {
            double meanX = (resident.size() - 1) / 2.0;
            double meanY =
                    resident.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
            double covariance = 0;
            double variance = 0;
            for (int i = 0; i < resident.size(); i++) {
                covariance += (i - meanX) * (resident.get(i) - meanY);
                variance += (i - meanX) * (i - meanX);
            }
            return covariance / variance / interval;
        }

        void print() {
            System.out.printf(Locale.ROOT, "%s %.1f %b %s%n", name, slope(), equal, objects);
        }
    }
}
