package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.server.http.WebServer.Place;
import io.github.moshivis.server.tls.GeneratedIdentity;
import io.github.moshivis.server.tls.Identity;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** When TLS is spoken, and that it is. */
class TlsTest {
    @ParameterizedTest(name = "{0} -> TLS {1}")
    @CsvSource({
        "--host localhost, false",
        "--host 127.0.0.1, false",
        "--host ::1, false",
        "--host 127.0.0.2, false",
        "--host 127.1, false",
        "--host 0:0:0:0:0:0:0:1, false",
        "--host LOCALHOST., false",
        "--host talk.localhost, false",
        "--host 0.0.0.0, true",
        "--host 192.0.2.7, true",
        "--host talk.example, true",
        "--host 0.0.0.0 --http, false"
    })
    void browsersGetASecurePageUnlessItIsTheirOwnMachines(String args, boolean secure) {
        NetworkFlags flags = new NetworkFlags();
        new CommandLine(flags).parseArgs(args.split(" "));
        Place place = flags.place();
        assertThat(place.tls().isPresent()).isEqualTo(secure);
    }

    @Test
    void aCertificateThatWasMadeIsShown() throws Exception {
        Identity identity = GeneratedIdentity.create("localhost");
        try (TestServer server = new TestServer()) {
            server.tls = Optional.of(identity.context());
            server.loading = () -> {
                throw new IllegalStateException("never loaded");
            };
            assertThatThrownBy(server::start).hasMessage("never loaded");
            assertThat(server.server().address()).startsWith("https://localhost:");
            URI health = URI.create(server.server().address()).resolve("/healthz");

            HttpResponse<String> response = client(trusting(identity))
                    .send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            HttpResponse<String> nothing = client(trusting(identity))
                    .send(HttpRequest.newBuilder(health.resolve("/%00")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(nothing.statusCode()).isEqualTo(400);
            assertThat(nothing.headers().firstValue("Strict-Transport-Security"))
                    .hasValue("max-age=31536000");
            assertThatThrownBy(() -> client(SSLContext.getDefault())
                            .send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString()))
                    .as("nobody vouches for it")
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static SSLContext trusting(Identity identity) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("server", identity.chain().get(0));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
