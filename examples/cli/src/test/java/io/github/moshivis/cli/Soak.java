package io.github.moshivis.cli;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.tensor.NativeMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Talks for a long time and often, and prints how the resident set and native objects develop. A program of its own, so that its
 * heap can be small and touched beforehand. Arguments: model directory, picture, frames of the long conversation, conversations.
 */
public final class Soak {
    /** Points at which memory is looked at, after as many for warming up. */
    private static final int POINTS = 20;

    private static final int SLOTS = 4;
    private static final int MAX_STEPS = 12;

    private final MoshiVis model;
    private final Image picture;

    private Soak(MoshiVis model, Image picture) {
        this.model = model;
        this.picture = picture;
    }

    /** Runs both parts; prints one line for each: name, slope in bytes, whether native objects were equal at all points. */
    public static void main(String[] args) throws Exception {
        Image picture = Image.read(Path.of(args[1]));
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        try (MoshiVis model =
                MoshiVis.load(Path.of(args[0]), LoadOptions.defaults().maxConversations(SLOTS))) {
            Soak soak = new Soak(model, picture);
            soak.talkLong(Integer.parseInt(args[2]));
            soak.talkOften(Integer.parseInt(args[3]));
        }
        System.out.printf(Locale.ROOT, "left %b%n", NativeMemory.snapshot().equals(before));
    }

    private void talkLong(int frames) {
        Memory memory = new Memory("frames", frames);
        try (Session session = model.session(picture).open()) {
            Random random = new Random(1);
            for (int i = 0; i < frames; i++) {
                session.step(noise(random));
                memory.done(i + 1);
            }
        }
        memory.print("");
    }

    /** More conversations than slots at a time, each of another length and kind. */
    private void talkOften(int conversations) throws Exception {
        Memory memory = new Memory("conversations", conversations);
        ExecutorService callers = Executors.newFixedThreadPool(2 * SLOTS);
        long planned = 0;
        long answered = 0;
        for (int done = 0; done < conversations; ) {
            List<Future<Integer>> round = new ArrayList<>();
            for (int i = 0; i < memory.interval && done < conversations; i++, done++) {
                Talk talk = new Talk(new Random(done));
                planned += talk.length;
                round.add(callers.submit(talk));
            }
            for (Future<Integer> talk : round) {
                answered += talk.get();
            }
            openAllSlots();
            memory.done(done);
        }
        callers.shutdown();
        memory.print(planned + " " + answered);
    }

    /** Fails if a slot was not given back. */
    private void openAllSlots() {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) {
            sessions.add(model.session().open());
        }
        sessions.forEach(Session::close);
    }

    /** One of many conversations. Its result: how many of its steps were answered, in their order. */
    private final class Talk implements Callable<Integer> {
        private final Random random;
        private final int length;

        Talk(Random random) {
            this.random = random;
            this.length = random.nextInt(MAX_STEPS);
        }

        @Override
        public Integer call() {
            SessionOptions options = random.nextBoolean() ? model.session() : model.session(picture);
            options = options.sampling(sampling -> sampling.textTemperature(random.nextInt(3) * 0.5)
                            .audioTopK(random.nextInt(3) * 20)
                            .repetitionPenalty(1 + random.nextInt(2) * 0.2))
                    .imageStart(random.nextInt(3))
                    .waitForSlot(Duration.ofMinutes(5));
            int answered = 0;
            try (Session session = options.open()) {
                for (int step = 0; step < length; step++) {
                    switch (random.nextInt(12)) {
                        case 0 -> session.image(picture);
                        case 1 -> session.clearImage();
                        case 2 -> session.update(io.github.moshivis.SamplingOptions::greedy);
                        default -> {}
                    }
                    answered += session.step(noise(random)).step() == step ? 1 : 0;
                }
            }
            return answered;
        }
    }

    private static float[] noise(Random random) {
        float[] frame = new float[Session.FRAME_SAMPLES];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = 0.1f * (float) random.nextGaussian();
        }
        return frame;
    }

    /** Looks at memory at every interval of the second half of some pieces of work. */
    private static final class Memory {
        private final String name;
        private final int interval;
        private final List<Double> resident = new ArrayList<>();
        private NativeMemory.Snapshot objects;
        private boolean equal = true;

        Memory(String name, int work) {
            this.name = name;
            this.interval = work / (2 * POINTS);
        }

        void done(int pieces) {
            if (pieces % interval == 0 && pieces > POINTS * interval) {
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

        void print(String more) {
            System.out.printf(Locale.ROOT, "%s %.1f %b %s%n", name, slope(), equal, more);
        }
    }
}
