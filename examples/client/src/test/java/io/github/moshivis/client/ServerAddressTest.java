package io.github.moshivis.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "localhost:8998, wss://localhost:8998/api/chat",
        "host, wss://host/api/chat",
        "http://localhost:8008, ws://localhost:8008/api/chat",
        "HTTPS://host, wss://host/api/chat",
        "https://host:1/, wss://host:1/api/chat",
        "https://host/behind/a/proxy/, wss://host/behind/a/proxy/api/chat",
        "ws://host/api/chat, ws://host/api/chat",
        "wss://host/api/chat/, wss://host/api/chat",
        "https://[::1]:8998, wss://[::1]:8998/api/chat",
        "https://host:8008/?worker_addr=host:8008, wss://host:8008/api/chat",
        "' http://host ', ws://host/api/chat"
    })
    void theAddressOfThePageIsEnough(String server, URI chat) {
        assertThat(ServerAddress.chat(server)).isEqualTo(chat);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ftp://host", "https://", "http://host name", "https://:80"})
    void whatIsNoAddressIsSaidSo(String server) {
        assertThatThrownBy(() -> ChatClient.to(server))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("server's address", "\"" + server + "\"", "expected the like of https://");
    }

    @Test
    void aQueryIsPercentEncoded() {
        ChatSettings settings = ChatSettings.defaults().email("a+b@c.d").with("next", "x y&z=\u00e9");
        URI chat = ServerAddress.with(URI.create("ws://host/api/chat"), settings.query());
        assertThat(chat).hasToString("ws://host/api/chat?email=a%2Bb%40c.d&next=x%20y%26z%3D%C3%A9");
        assertThat(ServerAddress.with(chat, ChatSettings.defaults().query())).isEqualTo(chat);
    }

    @Test
    void eachSettingHasTheProtocolsName() {
        ChatSettings all = ChatSettings.defaults()
                .textTemperature(0)
                .textTopK(25)
                .textTopP(0.9)
                .audioTemperature(0.7)
                .audioTopK(250)
                .audioTopP(1)
                .padMultiplier(-0.5)
                .repetitionPenalty(1.15)
                .repetitionContext(64)
                .textSeed(1)
                .audioSeed(-1)
                .imageResolution(448)
                .centerCrop(true)
                .imageStart(16)
                .gateInfluence(0.5)
                .maxSteps(100)
                .plainText();
        assertThat(all.parameters())
                .isEqualTo(Map.ofEntries(
                        Map.entry("text_temperature", "0.0"),
                        Map.entry("text_topk", "25"),
                        Map.entry("text_topp", "0.9"),
                        Map.entry("audio_temperature", "0.7"),
                        Map.entry("audio_topk", "250"),
                        Map.entry("audio_topp", "1.0"),
                        Map.entry("pad_mult", "-0.5"),
                        Map.entry("repetition_penalty", "1.15"),
                        Map.entry("repetition_penalty_context", "64"),
                        Map.entry("text_seed", "1"),
                        Map.entry("audio_seed", "18446744073709551615"),
                        Map.entry("image_resolution", "448"),
                        Map.entry("center_crop", "true"),
                        Map.entry("xa_start", "16"),
                        Map.entry("text_temperature_gating_influence", "0.5"),
                        Map.entry("max_steps", "100"),
                        Map.entry("text_format", "plain")));
        assertThat(ChatSettings.defaults().parameters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void aNumberIsFinite(double value) {
        assertThatThrownBy(() -> ChatSettings.defaults().textTemperature(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("text_temperature", "found " + value, "finite");
    }
}
