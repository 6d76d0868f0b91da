package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.TinyPersonaPlex;
import io.github.moshivis.client.ChatClient;
import io.github.moshivis.client.ChatOptions;
import io.github.moshivis.client.ChatSettings;
import io.github.moshivis.client.Message;
import io.github.moshivis.io.AudioPipe;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import io.github.moshivis.server.chat.VoiceOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Voices and roles that callers of a PersonaPlex ask for, in the parameters of its own server. */
class RolesTest {
    private static final String ADA = "You enjoy bread and cheese. Your name is Ada.";
    private static final String GREEDY = "audio_format=pcm&text_topk=1&audio_topk=1&";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static TestServer server;

    /** One stored voice, and a recording under a name of the operator's. */
    @BeforeAll
    static void start() throws IOException {
        TinyPersonaPlex.write(directory);
        Path anna = Files.copy(TinyPersonaPlex.recordedVoice(), directory.resolve("Anna.wav"));
        server = server(new VoiceOptions(List.of("TINY0", anna.toString()), Optional.of("TINY0"), Optional.of(ADA)));
        server.start();
    }

    private static TestServer server(VoiceOptions voices) {
        TestServer made = new TestServer();
        made.image = ImageMode.NONE;
        made.voices = voices;
        made.loading =
                () -> MoshiVis.load(directory, LoadOptions.defaults().threads(1).maxConversations(made.slots));
        return made;
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** What a caller hears in answer to silence, frame by frame. */
    private static byte[] answers(String query) {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try (TestCaller caller = server.call(GREEDY + query)) {
            caller.next(Message.Handshake.class);
            for (int i = 0; i < 6; i++) {
                heard.writeBytes(caller.sendSilence().next(Message.Audio.class).bytes());
            }
        }
        return heard.toByteArray();
    }

    @Test
    void pagesAreToldWhichVoicesThereAreAndThatARoleCanBeGiven() throws Exception {
        JsonNode prompts = JSON.readTree(server.get("/api/config").body()).path("prompts");

        assertThat(prompts.path("voices")).map(JsonNode::asText).containsExactly("TINY0", "Anna");
        assertThat(prompts.path("voice").asText()).isEqualTo("TINY0");
        assertThat(prompts.path("role").asText()).isEqualTo(ADA);
    }

    @Test
    void voiceAndRoleOfTheQueryHoldAndTheStateAfterThemIsUsedAgain() {
        byte[] standard = answers("");
        byte[] named = answers("voice_prompt=TINY0.pt&text_prompt=" + encoded(ADA));
        byte[] anna = answers("voice_prompt=Anna&text_prompt=" + encoded(ADA));
        byte[] quiet = answers("voice_prompt=TINY0&text_prompt=");

        assertThat(named)
                .as("the operator's voice and role, without and with the query")
                .isEqualTo(standard);
        assertThat(anna).isNotEqualTo(standard);
        assertThat(quiet).isNotEqualTo(standard);
        assertThat(answers("voice_prompt=Anna&text_prompt=" + encoded(ADA)))
                .as("with the kept state")
                .isEqualTo(anna);
    }

    @Test
    void wordsOfAModelWithoutVisionArePlain() {
        try (TestCaller caller = server.call("seed=1&audio_format=pcm&text_prompt=")) {
            caller.next(Message.Handshake.class);
            Message message = caller.sendSilence().next();
            for (int i = 0; i < 60 && !(message instanceof Message.Text); i++) {
                assertThat(message).isNotInstanceOf(Message.ColoredText.class);
                message = caller.sendSilence().next();
            }
            assertThat(message).isInstanceOf(Message.Text.class);
        }
    }

    @Test
    void oneSeedHoldsForTextAndSound() {
        try (TestCaller caller = server.call("audio_format=pcm&seed=42424242")) {
            JsonNode metadata = metadata(caller);
            assertThat(metadata.path("voice_prompt").asText()).isEqualTo("TINY0");
            assertThat(metadata.path("text_prompt").asText()).isEqualTo(ADA);
        }
        assertThat(answers("seed=-1")).as("no seed").hasSize(6 * TestCaller.FRAME_BYTES);
    }

    private static JsonNode metadata(TestCaller caller) {
        try {
            return JSON.readTree(caller.next(Message.Metadata.class).json());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TINY0_f32", "../voices/TINY0", "voices.tgz", "Anna.pt.pt", "%2Fetc%2Fpasswd"})
    void onlyTheOperatorsVoicesAreFound(String voice) {
        var refused = catchThrowableOfType(TestCaller.RefusedException.class, () -> server.call("voice_prompt=" + voice)
                .close());
        assertThat(refused.status).isEqualTo(400);
    }

    @Test
    void clientsAreToldWhichVoicesThereAre() {
        ChatOptions options = ChatClient.to(
                        "http://localhost:" + server.server().port())
                .settings(ChatSettings.defaults().voice("NATF9"));
        assertThatThrownBy(() -> options.start(
                        new Hum(1920), AudioPipe.blocking(Duration.ofSeconds(1)).sink()))
                .hasMessageContainingAll("voice_prompt", "'NATF9'", "one of [TINY0, Anna]");
    }

    @Test
    void aRoleThatIsTooLongIsTheCallersFault() {
        TestCaller caller = server.call("text_prompt=" + encoded("bread ".repeat(100)));

        assertThat(caller.next(Message.Error.class).reason()).contains("text_prompt", "window of 200", "shorter role");
        assertThat(caller.closed().code()).isEqualTo(1008);
    }

    @Test
    void modelsWithoutRolesSayThatTheyTakeNone() throws Exception {
        try (TestServer plain = new TestServer().start()) {
            assertThat(JSON.readTree(plain.get("/api/config").body())
                            .path("prompts")
                            .isNull())
                    .isTrue();
            for (String query : List.of("voice_prompt=TINY0", "text_prompt=Ada")) {
                var refused = catchThrowableOfType(TestCaller.RefusedException.class, () -> plain.call(query)
                        .close());
                assertThat(refused.status).isEqualTo(400);
            }
            plain.call("voice_prompt=&text_prompt=", Map.of()).next(Message.Metadata.class);
        }
        TestServer chosen = new TestServer();
        chosen.voices = new VoiceOptions(List.of(), Optional.empty(), Optional.of(ADA));
        try (chosen) {
            assertThatThrownBy(chosen::start)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("no voice and no role", "--role");
        }
    }

    @Test
    void aVoiceThatTheOperatorHasNotStopsTheStart() {
        try (TestServer wrong = server(new VoiceOptions(List.of("NATF9"), Optional.empty(), Optional.empty()))) {
            assertThatThrownBy(wrong::start)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("NATF9", "TINY0", "--voices");
        }
    }
}
