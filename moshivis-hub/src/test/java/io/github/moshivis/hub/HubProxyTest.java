package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The JVM's proxy is used; it is one for all tests. */
@Isolated
class HubProxyTest extends WithTestHub {
    @Test
    void theProxyOfTheJvmIsUsed() {
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(new Proxy(
                        Proxy.Type.HTTP,
                        new InetSocketAddress("127.0.0.1", server.endpoint().getPort())));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
        try {
            HubSettings settings = HubSettings.fromEnvironment(Map.of(
                            "HF_ENDPOINT", "http://hub.invalid", "HF_HUB_CACHE", cache.toString(), "HOME", "/nowhere"))
                    .transfer(TestHub.quick());
            server.misbehave(seen -> true, 1, answer -> answer.become(Answer.status(403)));

            assertThatThrownBy(() -> download(settings, "owner/name")).hasMessageContaining("403");

            assertThat(server.requests.get(0).header("Host")).hasValue("hub.invalid");
        } finally {
            ProxySelector.setDefault(before);
        }
    }
}
