package io.github.moshivis.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.server.JsonCaller;
import io.github.moshivis.server.ProtocolOptions;
import io.github.moshivis.server.TestServer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pictures that are fetched: whole ones, those that never end, and those that come slowly. */
@Timeout(60)
class ImageUrlsTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(1).nextBytes(noise);
        return noise;
    }

    private static ImageUrls urls(PictureHost host, Duration deadline) {
        return new ImageUrls(Set.of(host.authority()), deadline);
    }

    @Test
    void aPictureIsItsBytes() throws Exception {
        byte[] picture = noise(300_000);
        try (PictureHost host = new PictureHost(picture)) {
            host.rest.countDown();
            ImageUrls urls = urls(host, LONG);
            assertThat(urls.fetch(urls.allowed(host.address()), picture.length)).isEqualTo(picture);
            assertThatThrownBy(() -> urls.fetch(urls.allowed(host.address()), picture.length - 1))
                    .isInstanceOf(BadEventException.class)
                    .hasMessageContaining("expected 200 and at most " + (picture.length - 1) + " bytes");
        }
    }

    @Test
    void aPictureThatComesTooSlowlyIsGivenUp() throws Exception {
        try (PictureHost host = new PictureHost(noise(1 << 24))) { // more than the network holds
            ImageUrls urls = urls(host, Duration.ofMillis(300));
            assertThatThrownBy(() -> urls.fetch(urls.allowed(host.address()), 1 << 24))
                    .isInstanceOf(BadEventException.class)
                    .hasMessageContaining("no end of it after 300 ms");
            host.rest.countDown();
            assertThat(!host.asked || host.deserted.await(50, TimeUnit.SECONDS))
                    .as("the connection is closed, if there was one in time")
                    .isTrue();
        }
    }

    @Test
    void oneIsFetchedAtATimeForEachConnection() throws Exception {
        byte[] picture = Files.readAllBytes(TestServer.PICTURE);
        try (PictureHost host = new PictureHost(picture);
                TestServer server = new TestServer()) {
            server.protocols = new ProtocolOptions(Set.of(host.authority()), Optional.empty(), Optional.empty());
            server.start();
            JsonCaller caller = new JsonCaller(server, "/v1/realtime?model=moshivis", Map.of());
            String item = "{'type':'conversation.item.create','item':{'content':[{'type':'input_image','image_url':'"
                    + host.address() + "'}]}}";
            caller.send(item).send(item);
            assertThat(caller.next("error").path("error").path("code").asText()).isEqualTo("no_room");
            host.rest.countDown();
            caller.next("conversation.item.done");
            caller.send(item);
            caller.next("conversation.item.done");
        }
    }
}
