package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.Leaks;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Reply;
import io.github.moshivis.SamplingOptions;
import io.github.moshivis.SamplingProfile;
import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.TinyPersonaPlex;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.tensor.NativeMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations of a tiny PersonaPlex, with a codec whose codebooks are as large as its alphabet. */
class PersonaPlexTest {
    private static final int FRAMES = 8;
    private static final int SLOTS = 4;
    private static final int TALKS = 100;
    private static final int ROLES = 10;
    private static final String VOICE = TinyPersonaPlex.recordedVoice().toString();
    private static final String ROLE = "You enjoy bread and cheese. Your name is Ada.";

    @TempDir
    static Path directory;

    private static MoshiVis model;

    @BeforeAll
    static void load() throws IOException {
        TinyPersonaPlex.write(directory);
        model = MoshiVis.load(directory, LoadOptions.defaults().threads(1).maxConversations(SLOTS));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static SessionOptions greedy() {
        return model.session().greedy().seed(1);
    }

    /** The tokens that a conversation answers some noise with. */
    private static List<int[]> answers(SessionOptions options) {
        List<int[]> answers = new ArrayList<>();
        try (Session session = options.open()) {
            Random random = new Random(5);
            for (int i = 0; i < FRAMES; i++) {
                Reply reply = session.step(frame(random));
                assertThat(reply.step()).as("the prompt is not counted").isEqualTo(i);
                answers.add(tokens(reply));
            }
        }
        return answers;
    }

    private static float[] frame(Random random) {
        float[] frame = new float[Session.FRAME_SAMPLES];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = 0.3f * (random.nextFloat() - 0.5f);
        }
        return frame;
    }

    private static int[] tokens(Reply reply) {
        int[] codes = reply.output().orElseThrow().audioTokens();
        int[] tokens = Arrays.copyOf(codes, codes.length + 1);
        tokens[codes.length] = reply.output().orElseThrow().text().token();
        return tokens;
    }

    @Test
    void aConversationAnswersFromItsFirstFrameOn() {
        List<int[]> answers = answers(greedy());

        // The last frame of the prompt comes first: padding and coded silence.
        assertThat(answers.get(0)).containsExactly(948, 243, 1178, 546, 1736, 1030, 1978, 2008, 3);
    }

    @Test
    void aKeptPromptEqualsAFreshOneBitForBit() {
        List<int[]> fresh = answers(greedy().voice(VOICE).role(ROLE));
        List<int[]> kept = answers(greedy().role(ROLE).voice(VOICE));

        assertThat(kept).usingRecursiveComparison().isEqualTo(fresh);
        assertThat(answers(greedy().voice(VOICE))).usingRecursiveComparison().isNotEqualTo(fresh);
    }

    @Test
    void aTalkWithAKeptPromptAnswersInItsFirstTick() {
        answers(greedy().voice(VOICE).role(ROLE));
        long ticks = model.statistics().frames();

        try (Session session = greedy().voice(VOICE).role(ROLE).open()) {
            assertThat(session.step(new float[Session.FRAME_SAMPLES]).output()).isPresent();
        }

        assertThat(model.statistics().frames() - ticks).isEqualTo(1);
    }

    @Test
    void voicesComeByNameByFileAndFromTheArchive() {
        assertThat(model.voices()).hasValue(TinyPersonaPlex.VOICES);
        List<int[]> named = answers(greedy().voice("TINY0_f32"));

        assertThat(answers(
                        greedy().voice(TinyPersonaPlex.storedVoice("TINY0_f32").toString())))
                .usingRecursiveComparison()
                .isEqualTo(named);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> greedy().voice("NATF9").open())
                .withMessageContainingAll("NATF9", "TINY0", "a .pt file or a recording");
    }

    @Test
    void allDepthStepsSayTheSame() {
        LoadOptions options = LoadOptions.defaults().threads(1).allDepthSteps(true);
        try (MoshiVis all = MoshiVis.load(directory, options)) {
            assertThat(answers(all.session().seed(3).role(ROLE)))
                    .usingRecursiveComparison()
                    .isEqualTo(answers(model.session().seed(3).role(ROLE)));
        }
    }

    @Test
    void theModelsOwnSamplingHoldsUnlessAHostSetsAnother(@TempDir Path copy) throws IOException {
        TinyPersonaPlex.write(copy);
        Path file = copy.resolve("config.json");
        ObjectNode config = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        config.putObject("lm_gen_config").put("top_k", 1).put("top_k_text", 1);
        Files.writeString(file, config.toString());
        try (MoshiVis own = MoshiVis.load(copy, LoadOptions.defaults().threads(1))) {
            SamplingOptions sampling = own.samplingDefaults(SamplingProfile.PYTORCH);
            assertThat(sampling)
                    .isEqualTo(SamplingOptions.defaults().textTopK(1).audioTopK(1));
            assertThat(answers(own.session().seed(2)))
                    .as("as greedy as the configuration says")
                    .usingRecursiveComparison()
                    .isEqualTo(answers(greedy()));
            assertThat(answers(
                            own.session().sampling(SamplingOptions.defaults()).seed(2)))
                    .usingRecursiveComparison()
                    .isEqualTo(answers(model.session().seed(2)));
        }
    }

    @Test
    void blankRolesAreNone() {
        assertThat(answers(greedy().role(" \n"))).usingRecursiveComparison().isEqualTo(answers(greedy()));
    }

    /** Voices that a conversation may have; the first is the model's own. */
    private static final List<String> ALL_VOICES = List.of("", "TINY0", "TINY0_f32", VOICE);

    private static SessionOptions greedy(int role, int voice) {
        SessionOptions options = greedy().role(role(role));
        return voice == 0 ? options : options.voice(ALL_VOICES.get(voice));
    }

    @Test
    @Tag("stress")
    void aThousandTalksOfManyRolesAndVoicesAnyOfWhichIsCutOffLeaveNothing() throws Exception {
        int talks = Integer.getInteger("talks", 1000);
        Map<String, List<int[]>> expected = answersOfAll();
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        AtomicInteger begun = new AtomicInteger();
        List<CompletableFuture<Void>> hosts = new ArrayList<>();
        for (int host = 0; host < SLOTS; host++) {
            Random random = new Random(host);
            hosts.add(CompletableFuture.runAsync(
                    () -> {
                        while (begun.getAndIncrement() < talks) {
                            talk(random, expected);
                        }
                    },
                    work -> new Thread(work).start()));
        }
        for (CompletableFuture<Void> host : hosts) {
            host.get();
        }
        assertThat(model.freeSlots()).isEqualTo(SLOTS);
        assertThat(answersOfAll()).usingRecursiveComparison().isEqualTo(expected); // keeps the same prompts as before
        Leaks.assertNone(before);
    }

    private static Map<String, List<int[]>> answersOfAll() {
        Map<String, List<int[]>> answers = new HashMap<>();
        for (int role = 0; role < ROLES; role++) {
            for (int voice = 0; voice < ALL_VOICES.size(); voice++) {
                answers.put(role + " " + voice, answers(greedy(role, voice)));
            }
        }
        return answers;
    }

    /** Talks until the end, or until it hangs up, perhaps while its prompt still runs or its frame is still answered. */
    private static void talk(Random random, Map<String, List<int[]>> expected) {
        int role = random.nextInt(ROLES);
        int voice = random.nextInt(ALL_VOICES.size());
        int frames = random.nextInt(FRAMES + 1);
        Random voiced = new Random(5);
        try (Session session = greedy(role, voice).open()) {
            for (int i = 0; i < frames; i++) {
                assertThat(tokens(session.step(frame(voiced))))
                        .as("role %d, voice %d, frame %d", role, voice, i)
                        .isEqualTo(expected.get(role + " " + voice).get(i));
            }
            if (random.nextInt(4) == 0) {
                Thread closing = new Thread(session::close);
                closing.start();
                catchThrowable(() -> session.step(frame(voiced)));
                closing.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (random.nextInt(8) == 0) {
            Thread.currentThread().interrupt(); // who opens is interrupted while a prompt runs
            Throwable thrown = catchThrowable(
                    () -> greedy(role, voice).seed(random.nextInt()).open().close());
            Thread.interrupted();
            assertThat(thrown == null || thrown instanceof ConversationException)
                    .isTrue();
        }
    }

    @Test
    void talksOfManyRolesThatBeginAndEndInAnyOrderNeverMix() {
        Map<Integer, List<int[]>> expected = new HashMap<>();
        for (int role = 0; role < ROLES; role++) {
            expected.put(role, answers(greedy().role(role(role))));
        }
        Random order = new Random(11);
        Map<Session, Talk> talks = new LinkedHashMap<>();
        for (int begun = 0; begun < TALKS || !talks.isEmpty(); ) {
            while (talks.size() < SLOTS && begun < TALKS) {
                int role = order.nextInt(ROLES);
                Talk talk = new Talk(role, 1 + order.nextInt(FRAMES));
                talks.put(greedy().role(role(role)).open(), talk);
                begun++;
            }
            for (Map.Entry<Session, Talk> entry : List.copyOf(talks.entrySet())) {
                Talk talk = entry.getValue();
                assertThat(tokens(entry.getKey().step(frame(talk.voice))))
                        .as("role " + talk.role + ", frame " + talk.done + ", talk " + begun)
                        .isEqualTo(expected.get(talk.role).get(talk.done));
                talk.done++;
                if (talk.done == talk.length) {
                    talks.remove(entry.getKey());
                    entry.getKey().close();
                }
            }
        }
    }

    /** A conversation that goes on. */
    private static final class Talk {
        private final int role;
        private final int length;
        private final Random voice = new Random(5);
        private int done;

        Talk(int role, int length) {
            this.role = role;
            this.length = length;
        }
    }

    private static String role(int number) {
        return "You enjoy " + "bread and cheese, ".repeat(number) + "good questions.";
    }
}
