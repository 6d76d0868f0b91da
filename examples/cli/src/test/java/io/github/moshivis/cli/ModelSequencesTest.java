package io.github.moshivis.cli;

import io.github.moshivis.Leaks;
import io.github.moshivis.Sequences;
import io.github.moshivis.TinyPersonaPlex;
import io.github.moshivis.cli.ModelActions.Action;
import io.github.moshivis.cli.ModelActions.Kind;
import io.github.moshivis.tensor.NativeMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sequences of the API on whole models: with and without voices, pictures, adapters, speech to text and recordings, in all forms of weights,
 * against a model of what may be observed. Sequences of the long part: {@code sequences}.
 */
class ModelSequencesTest {
    private static final int FEW = 3;
    private static final int MANY = Integer.getInteger("sequences", 2_000);
    private static final int MAX_ACTIONS = 40;

    /** Held, as loggers that nobody holds forget their level. */
    private static final Logger LOG = Logger.getLogger("io.github.moshivis");

    @TempDir
    static Path directory;

    private static NativeMemory.Snapshot before;
    private static ModelActions.Material material;

    @BeforeAll
    static void write() throws IOException {
        before = NativeMemory.snapshot();
        LOG.setLevel(Level.OFF);
        Path personaPlex = Files.createDirectory(directory.resolve("personaplex"));
        TinyPersonaPlex.write(personaPlex);
        material = new ModelActions.Material(
                personaPlex,
                List.of(
                        TinyAdapters.lowRank(directory.resolve("low-rank")),
                        TinyAdapters.seeing(directory.resolve("seeing"))));
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    private static List<Action> sequence(Random random) {
        List<Action> actions = new ArrayList<>();
        Kind[] kinds = Kind.values();
        for (int i = random.nextInt(MAX_ACTIONS); i >= 0; i--) {
            Kind kind = kinds[random.nextInt(kinds.length)];
            boolean rare = kind == Kind.LOAD || kind == Kind.CLOSE_MODEL || kind == Kind.CLOSE_SPEECH_TO_TEXT;
            if (!rare || random.nextInt(5) == 0) {
                actions.add(new Action(kind, random.nextInt(10_000)));
            }
        }
        return actions;
    }

    private static void run(List<Action> actions) throws IOException, InterruptedException {
        Path recordings = Files.createTempDirectory(directory, "talks");
        ModelActions host = new ModelActions(material, recordings);
        try {
            for (Action action : actions) {
                host.run(action);
            }
            host.end();
        } finally {
            host.release();
        }
        Leaks.assertNone(before); // threads of transcriptions end after their conversations
    }

    @Test
    void aRecordingOfAConversationThatCannotBeginIsClosed() throws Exception {
        // Without voices but with words; speech to text is busy; open with words and a recording.
        run(List.of(new Action(Kind.LISTEN, 2), new Action(Kind.OPEN, 4)));
    }

    @Test
    @Timeout(300)
    void modelsWithAdaptersHoldConversations() throws Exception {
        for (int adapter = 1; adapter <= material.adapters().size(); adapter++) {
            // Without and with voices, to which the adapters do not fit.
            run(List.of(
                    new Action(Kind.LOAD, 384 * adapter + 2),
                    new Action(Kind.OPEN, 60),
                    new Action(Kind.STEP, 0),
                    new Action(Kind.STEP, 0)));
        }
        run(List.of(new Action(Kind.LOAD, 384), new Action(Kind.OPEN, 61), new Action(Kind.STEP, 0)));
    }

    @Test
    @Timeout(300)
    void fewSequences() {
        Sequences.check(FEW, ModelSequencesTest::sequence, ModelSequencesTest::run);
    }

    @Test
    @Tag("stress")
    void manySequences() {
        Sequences.check(MANY, ModelSequencesTest::sequence, ModelSequencesTest::run);
    }
}
