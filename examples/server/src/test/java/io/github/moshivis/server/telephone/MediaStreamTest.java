package io.github.moshivis.server.telephone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.io.Image;
import io.github.moshivis.server.JsonCaller;
import io.github.moshivis.server.ProtocolOptions;
import io.github.moshivis.server.TestServer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripted carriers, held to the byte formats that they publish. */
@Timeout(60)
class MediaStreamTest {
    private static final int FRAME = 160;

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonCaller call(String path) {
        return new JsonCaller(server, path, Map.of());
    }

    private static String start(String parameters) {
        return "{'event':'start','sequenceNumber':'1','streamSid':'MZ18','start':{'streamSid':'MZ18','accountSid':'AC',"
                + "'callSid':'CA1','tracks':['inbound'],'customParameters':" + parameters
                + ",'mediaFormat':{'encoding':'audio/x-mulaw','sampleRate':8000,'channels':1}}}";
    }

    private static String media() {
        byte[] silence = new byte[FRAME];
        Arrays.fill(silence, (byte) 0xff);
        return "{'event':'media','sequenceNumber':'4','streamSid':'MZ18','media':{'track':'inbound','chunk':'2',"
                + "'timestamp':'5','payload':'" + Base64.getEncoder().encodeToString(silence) + "'}}";
    }

    @Test
    void aTwilioCallIsHeardAndAnsweredAtItsPace() throws Exception {
        server.protocols = new ProtocolOptions(Set.of(), Optional.of(Image.read(TestServer.PICTURE)), Optional.empty());
        server.start();
        JsonCaller call = call("/twilio");
        call.send("{'event':'connected','protocol':'Call','version':'1.0.0'}").send(start("{}"));
        long began = System.nanoTime();
        call.send(media()).send("{'event':'dtmf','streamSid':'MZ18','dtmf':{'track':'inbound_track','digit':'1'}}");
        // No more media: silence is suppressed from here on, and the model hears silence.
        JsonNode first = call.next("media");
        assertThat(first.path("streamSid").asText()).isEqualTo("MZ18");
        assertThat(Base64.getDecoder()
                        .decode(first.path("media").path("payload").asText()))
                .hasSize(FRAME);
        JsonNode mark = call.next("mark");
        assertThat((System.nanoTime() - began) / 1e9).as("49 frames of 20 ms").isGreaterThan(0.8);
        assertThat(mark.path("mark").path("name").asText()).isEqualTo("frame-50");
        call.send("{'event':'mark','streamSid':'MZ18','mark':{'name':'frame-50'}}");
        assertThat(server.metric("moshivis_talks")).isEqualTo(1);
        call.send("{'event':'stop','streamSid':'MZ18','stop':{'accountSid':'AC','callSid':'CA1'}}");
        assertThat(call.closed()).isEqualTo(1000);
    }

    @Test
    void aCarrierThatIsFarBehindIsMadeToForget() throws IOException {
        server.start();
        JsonCaller call = call("/twilio");
        call.send(start("{}")).send(media());
        for (int mark = 1; mark <= 4; mark++) {
            assertThat(call.next("mark").path("mark").path("name").asText()).isEqualTo("frame-" + 50 * mark);
        }
        assertThat(call.next("clear").path("streamSid").asText()).isEqualTo("MZ18");
    }

    @ParameterizedTest
    @CsvSource({"/plivo", "/vobiz"})
    void theNearTwinsSayTheSameInTheirWords(String path) throws IOException {
        server.start();
        JsonCaller call = call(path);
        call.send(
                        "{'sequenceNumber':0,'event':'start','start':{'callId':'c1','streamId':'s7','accountId':'1','tracks':"
                                + "['inbound'],'mediaFormat':{'encoding':'audio/x-l16','sampleRate':16000}},'extra_headers':'{}'}")
                .send("{'sequenceNumber':1,'streamId':'s7','event':'media','media':{'track':'inbound','timestamp':'1',"
                        + "'chunk':1,'payload':'AAAA'},'extra_headers':'{}'}");
        JsonNode play = call.next("playAudio");
        assertThat(play.path("streamId").asText()).isEqualTo(path.equals("/vobiz") ? "s7" : "");
        JsonNode media = play.path("media");
        assertThat(media.path("contentType").asText()).isEqualTo("audio/x-l16");
        assertThat(media.path("sampleRate").asInt()).isEqualTo(16_000);
        assertThat(Base64.getDecoder().decode(media.path("payload").asText())).hasSize(2 * 320);
        JsonNode checkpoint = call.next("checkpoint");
        assertThat(checkpoint.path("streamId").asText()).isEqualTo("s7");
        assertThat(checkpoint.path("name").asText()).isEqualTo("frame-50");
        call.send("{'event':'playedStream','streamId':'s7','name':'frame-50'}");
    }

    @Test
    void theTokenIsAParameterOfTheStream() throws IOException {
        server.token = Optional.of("secret");
        server.slots = 3;
        server.start();
        assertThat(call("/twilio").send(start("{'token':'guess'}")).closed()).isEqualTo(1008);
        assertThat(call("/twilio")
                        .send(start("{'token':'secret'}"))
                        .send(media())
                        .next("media"))
                .isNotNull();
        assertThat(call("/plivo")
                        .send("{'event':'start','start':{'streamId':'s','callId':'c'}}")
                        .closed())
                .isEqualTo(1008);
        assertThat(call("/plivo")
                        .send(
                                "{'event':'start','start':{'streamId':'s','callId':'c'},'extra_headers':'userId=7;token=secret'}")
                        .next("playAudio"))
                .isNotNull();
        assertThat(call("/vobiz?token=secret")
                        .send("{'event':'start','start':{'streamId':'s','callId':'c'},'extra_headers':'{}'}")
                        .next("playAudio"))
                .isNotNull();
    }

    @Test
    void soundInAnotherFormatIsRefusedAndNonsenseIsCounted() throws Exception {
        server.start();
        JsonCaller call = call("/twilio");
        call.send("nonsense").send("{'event':'media','media':{'payload':'not base 64!'}}");
        call.send(
                "{'event':'start','start':{'streamSid':'M','mediaFormat':{'encoding':'audio/opus','sampleRate':48000}}}");
        assertThat(call.closed()).isEqualTo(1008);
        assertThat(server.metric("moshivis_errors_total{kind=\"malformed\"}")).isEqualTo(2);
    }

    @Test
    void anEarlyHangUpLeavesNothingBehind() throws Exception {
        server.start();
        JsonCaller call = call("/twilio");
        call.send(start("{}")).send(media());
        call.next("media");
        call.close();
        TestServer.until(() -> server.metric("moshivis_slots_free") == 2 && server.metric("moshivis_callers") == 0);
    }
}
