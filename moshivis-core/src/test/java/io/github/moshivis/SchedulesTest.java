package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.engine.PackedEngine;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * With a fixed batch, conversations that join, pause, change their pictures and options and leave at random say exactly what each
 * of them says alone in a batch of that size.
 */
class SchedulesTest {
    private static final System.Logger LOG = System.getLogger(SchedulesTest.class.getName());
    private static final int SCRIPTS = 24;

    /** Longer than the golden model's attention window, so that rings wrap. */
    private static final int MAX_STEPS = 40;

    /**
     * What was said in a step: tokens, and the bits of the gate, which say whether all before it was computed bit for bit alike.
     */
    private record Said(List<Integer> tokens, List<Integer> gate) {}

    /** What a conversation does, all of it from its number. */
    private static final class Script {
        private final int number;
        private final int length;
        private final Map<Integer, Integer> pictures = new HashMap<>();
        private final Map<Integer, Integer> changes = new HashMap<>();

        Script(int number) {
            this.number = number;
            Random random = new Random(number);
            length = 2 + random.nextInt(random.nextInt(4) == 0 ? MAX_STEPS : 12);
            for (int i = random.nextInt(3); i > 0; i--) {
                pictures.put(random.nextInt(length), random.nextInt(4));
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                changes.put(random.nextInt(length), random.nextInt(6));
            }
        }

        SessionOptions options(MoshiVis model) {
            SessionOptions options = number % 3 == 0 ? model.session() : model.session(FakeModel.picture(number));
            return options.seed(number)
                    .imageSize(1 + number % 20)
                    .imageStart(number % 4)
                    .sampling(sampling -> change(sampling, number % 6));
        }

        private static SamplingOptions change(SamplingOptions options, int which) {
            return switch (which) {
                case 0 -> options.greedy();
                case 1 -> options.textTopK(0).audioTopP(0.8).textTemperature(1.2);
                case 2 -> options.repetitionPenalty(1.4).repetitionContext(5);
                case 3 -> options.padMultiplier(-2).gateInfluence(0.9);
                case 4 -> options.textTopK(5).audioTopK(0).textTopP(0.9);
                default -> options.audioTemperature(0).textTemperature(0.7);
            };
        }

        /** Takes a step and returns what was said in it. */
        Said step(Session session, int step) {
            if (changes.containsKey(step)) {
                session.update(options -> change(options, changes.get(step)));
            }
            if (pictures.containsKey(step)) {
                int picture = pictures.get(step);
                if (picture == 0) {
                    session.clearImage();
                } else {
                    session.image(FakeModel.picture(40 * picture), 16 * picture, false);
                }
            }
            Reply reply = session.step(FakeModel.frame(0.001 * ((31 * number + 7 * step) % 100)));
            List<Integer> said = new ArrayList<>();
            List<Integer> gates = new ArrayList<>();
            reply.output().ifPresent(output -> {
                said.add(output.text().token());
                for (int code : output.audioTokens()) {
                    said.add(code);
                }
                gates.add(Float.floatToIntBits((float) output.text().gateWeight()));
            });
            return new Said(said, gates);
        }
    }

    private final Map<Integer, List<Said>> alone = new HashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private long steps;

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private List<Said> alone(MoshiVis model, Script script) {
        return alone.computeIfAbsent(script.number, number -> {
            List<Said> said = new ArrayList<>();
            try (Session session = script.options(model).open()) {
                for (int step = 0; step < script.length; step++) {
                    said.add(script.step(session, step));
                }
            }
            return said;
        });
    }

    /** A conversation in the middle of its script. */
    private static final class Talk {
        private final Script script;
        private final Session session;
        private int at;

        Talk(Script script, Session session) {
            this.script = script;
            this.session = session;
        }
    }

    private void schedules(int count, int rows) {
        try (MoshiVis model = new FakeModel(rows, rows).model) {
            schedules(count, rows, model, scriptsAlone(model));
        }
    }

    private List<Script> scriptsAlone(MoshiVis model) {
        List<Script> scripts = new ArrayList<>();
        for (int i = 0; i < SCRIPTS; i++) {
            scripts.add(new Script(i));
            alone(model, scripts.get(i));
        }
        return scripts;
    }

    private void schedules(int count, int rows, MoshiVis model, List<Script> scripts) {
        steps = 0;
        long before = model.statistics().frames();
        for (int number = 0; number < count; number++) {
            schedule(model, scripts, new Random(1000L * rows + number), rows);
        }
        double ticks = model.statistics().frames() - before;
        LOG.log(Level.INFO, "{0} schedules in {1} rows: {2} steps in {3} ticks", count, rows, steps, ticks);
        assertThat(steps / ticks).as("rows in a tick, in the mean").isGreaterThan(1.05);
    }

    private void schedule(MoshiVis model, List<Script> scripts, Random random, int rows) {
        List<Talk> talks = new ArrayList<>();
        int toJoin = 1 + random.nextInt(2 * rows);
        while (toJoin > 0 || !talks.isEmpty()) {
            if (toJoin > 0 && talks.size() < rows && random.nextInt(3) == 0) {
                Script script = scripts.get(random.nextInt(SCRIPTS));
                talks.add(new Talk(script, script.options(model).open()));
                toJoin--;
            }
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (Talk talk : talks) {
                if (random.nextInt(4) > 0) {
                    Said expected = alone(model, talk.script).get(talk.at);
                    int step = talk.at++;
                    String where = "script " + talk.script.number + " step " + step + " of " + rows + " rows";
                    running.add(CompletableFuture.runAsync(
                            () -> assertThat(talk.script.step(talk.session, step))
                                    .as(where)
                                    .isEqualTo(expected),
                            threads));
                }
            }
            steps += running.size();
            running.forEach(CompletableFuture::join);
            for (Talk talk : List.copyOf(talks)) {
                if (talk.at == talk.script.length || random.nextInt(40) == 0) {
                    talk.session.close();
                    talks.remove(talk);
                }
            }
        }
    }

    @Test
    void fourRows() {
        schedules(100, 4);
    }

    @Test
    void moreRowsThanAreMultipliedOneByOne() {
        schedules(30, 6);
    }

    @Test
    void replayedWorkSaysWhatTheSameWorkDoneAnewSays() {
        List<Script> scripts;
        try (MoshiVis model = new FakeModel(4, 4, PackedEngine::start).model) {
            scripts = scriptsAlone(model);
        }
        AtomicInteger replays = new AtomicInteger();
        try (MoshiVis model = new FakeModel(4, 4, parts -> PackedEngine.replaying(parts, replays)).model) {
            schedules(25, 4, model, scripts);
        }
        assertThat(replays.get()).isGreaterThan(100);
    }

    @Test
    void masksInPlaceOfLengthsSayTheSame() {
        try (MoshiVis exact = new FakeModel(1).model;
                MoshiVis masked = new FakeModel(1, 0, PackedEngine::start).model) {
            for (Script script : scriptsAlone(exact)) {
                List<Said> expected = alone(exact, script);
                try (Session session = script.options(masked).open()) {
                    for (int step = 0; step < script.length; step++) {
                        assertThat(script.step(session, step).tokens())
                                .as("script " + script.number + " step " + step)
                                .isEqualTo(expected.get(step).tokens());
                    }
                }
            }
        }
    }

    @Test
    @Tag("stress")
    void thousandsOfSchedules() {
        schedules(2000, 4);
        alone.clear();
        schedules(1000, 8);
    }
}
