package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations of a tiny PersonaPlex, with a codec whose codebooks are as large as its alphabet. */
class PersonaPlexTest {
    private static final int CODES = 2048;
    private static final int FRAMES = 8;
    private static final Path GOLDEN = Path.of(System.getProperty("golden.dir"));
    private static final Path SET = GOLDEN.resolve("personaplex");
    private static final String VOICE = SET.resolve("voices/TINY0.wav").toString();
    private static final String ROLE = "You enjoy bread and cheese. Your name is Ada.";

    @TempDir
    static Path directory;

    private static MoshiVis model;

    @BeforeAll
    static void load() throws IOException {
        for (String name : new String[] {"model.safetensors", "config.json", "tokenizer_spm_32k_3.model"}) {
            Files.copy(SET.resolve("model").resolve(name), directory.resolve(name));
        }
        Files.copy(SET.resolve("voices.tgz"), directory.resolve("voices.tgz"));
        ObjectMapper json = new ObjectMapper();
        ObjectNode codec =
                (ObjectNode) json.readTree(SET.resolve("model/mimi_config.json").toFile());
        ((ObjectNode) codec.get("quantizer")).put("bins", CODES);
        json.writeValue(directory.resolve("mimi_config.json").toFile(), codec);
        String mimi = "tokenizer-e351c8d8-checkpoint125.safetensors";
        widen(GOLDEN.resolve("e2e/model").resolve(mimi), directory.resolve(mimi));
        model = MoshiVis.load(directory, LoadOptions.defaults().threads(1).maxConversations(4));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** Repeats the codebooks' entries until there are enough. */
    private static void widen(Path source, Path target) throws IOException {
        Map<TensorSpec, ByteBuffer> tensors = new LinkedHashMap<>();
        try (TensorFile file = SafetensorsFile.open(source)) {
            for (StoredTensor tensor : file.tensors().values()) {
                ByteBuffer bytes = file.bytes(tensor.name()).slice();
                List<Long> shape = new ArrayList<>(tensor.shape());
                if (tensor.name().matches(".*_codebook\\.(cluster_usage|embedding_sum)")) {
                    int times = (int) (CODES / shape.set(0, (long) CODES));
                    ByteBuffer repeated = ByteBuffer.allocate(bytes.remaining() * times);
                    for (int i = 0; i < times; i++) {
                        repeated.put(bytes.duplicate());
                    }
                    bytes = repeated.flip();
                }
                tensors.put(new TensorSpec(tensor.name(), tensor.type(), shape), bytes);
            }
            try (SafetensorsWriter writer = SafetensorsWriter.create(target, tensors.keySet(), Map.of())) {
                tensors.forEach((spec, bytes) -> writer.write(spec.name(), bytes));
                writer.commit();
            }
        }
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
                answers.add(tokens(session.step(frame(random))));
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
    void voicesComeByNameByFileAndFromTheArchive() {
        assertThat(model.voices()).hasValue(List.of("TINY0", "TINY0_f32"));
        List<int[]> named = answers(greedy().voice("TINY0_f32"));

        assertThat(answers(greedy().voice(SET.resolve("voices/TINY0_f32.pt").toString())))
                .usingRecursiveComparison()
                .isEqualTo(named);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> greedy().voice("NATF9").open())
                .withMessageContainingAll("NATF9", "TINY0", "a .pt file or a recording");
    }

    @Test
    void blankRolesAreNone() {
        assertThat(answers(greedy().role(" \n"))).usingRecursiveComparison().isEqualTo(answers(greedy()));
    }

    @Test
    void conversationsOfManyRolesNeverMix() {
        Map<Integer, List<int[]>> expected = new HashMap<>();
        for (int role = 0; role < 10; role++) {
            expected.put(role, answers(greedy().role(role(role))));
        }
        Random order = new Random(11);
        for (int round = 0; round < 25; round++) {
            Map<Session, Integer> talks = new LinkedHashMap<>();
            for (int i = 0; i < 4; i++) {
                int role = order.nextInt(10);
                talks.put(greedy().role(role(role)).open(), role);
            }
            Random voice = new Random(5);
            for (int i = 0; i < FRAMES; i++) {
                float[] frame = frame(voice);
                for (Map.Entry<Session, Integer> talk : talks.entrySet()) {
                    assertThat(tokens(talk.getKey().step(frame)))
                            .as("role " + talk.getValue() + ", frame " + i + ", round " + round)
                            .isEqualTo(expected.get(talk.getValue()).get(i));
                }
            }
            talks.keySet().forEach(Session::close);
        }
    }

    private static String role(int number) {
        return "You enjoy " + "bread and cheese, ".repeat(number) + "good questions.";
    }
}
