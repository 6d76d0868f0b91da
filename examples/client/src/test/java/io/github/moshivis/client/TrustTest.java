package io.github.moshivis.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.ConversationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate of its own making. */
@Timeout(30)
class TrustTest {
    private static final String PASSWORD = "password";

    @TempDir
    static Path folder;

    private static FakeServer server;

    @BeforeAll
    static void start() throws Exception {
        Path store = folder.resolve("server.p12");
        keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "SAN=dns:localhost");
        keytool(
                store,
                "-exportcert",
                "-rfc",
                "-file",
                folder.resolve("server.pem").toString());
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(store.toString());
        tls.setKeyStorePassword(PASSWORD);
        server = FakeServer.secure(tls, FakePeer.RustWithoutPictures::new);
    }

    private static void keytool(Path store, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static void talk(ChatOptions options) {
        Voices.Sink sink = new Voices.Sink();
        float[] voice = Voices.ramp(Duration.ofMillis(100));
        try (ChatClient chat =
                options.format(VoiceFormat.PCM).linger(Duration.ofMillis(200)).start(new Voices.Source(voice), sink)) {
            chat.join();
        }
        assertThat(sink.pcm()).isEqualTo(voice);
    }

    @Test
    void isRefusedUnlessItIsTrusted() {
        assertThatThrownBy(() -> talk(ChatClient.to(server.address())))
                .isInstanceOf(ConversationException.class)
                .hasMessageContainingAll("Cannot connect to wss://localhost", "expected a certificate that is trusted");
    }

    @Test
    void isTrustedByWhoTrustsAll() {
        talk(ChatClient.to(server.address()).trustAll());
        talk(ChatClient.to(server.address().replace("localhost", "127.0.0.1")).trustAll());
    }

    @Test
    void isTrustedByItsCertificateUnderItsNameOnly() {
        Path pem = folder.resolve("server.pem");
        talk(ChatClient.to(server.address()).trust(pem));
        assertThatThrownBy(() -> talk(ChatClient.to(server.address().replace("localhost", "127.0.0.1"))
                        .trust(pem)))
                .hasMessageContaining("expected a certificate that is trusted");
    }

    @Test
    void aFileWithoutCertificatesIsSaidSo() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        assertThatThrownBy(() -> ChatClient.to("host").trust(empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(empty.toString(), "expected a PEM file", "Check the path");
        Path large = Files.write(folder.resolve("large.pem"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> ChatClient.to("host").trust(large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(large.toString(), "more than 1048576 bytes");
    }
}
