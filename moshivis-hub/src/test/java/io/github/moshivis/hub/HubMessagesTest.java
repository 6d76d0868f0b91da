package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words of the rarer failures. */
class HubMessagesTest {
    @TempDir
    Path folder;

    private TestHub server;
    private TestRepo repo;

    @BeforeEach
    void start() throws IOException {
        server = new TestHub();
        repo = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), 1000));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Snapshot download(HubSettings settings) {
        try (Hub hub = Hub.open(settings)) {
            return hub.download(repo.model(), Optional.empty(), ProgressListener.NONE);
        }
    }

    @Test
    void aCertificateThatIsNotTrustedIsNotTriedAgain() throws Exception {
        HttpsServer https = httpsServer();
        try {
            URI endpoint = URI.create("https://localhost:" + https.getAddress().getPort());
            HubSettings settings = HubSettings.fromEnvironment(Map.of(
                            "HF_ENDPOINT", endpoint.toString(), "HF_HUB_CACHE", folder.toString(), "HOME", "/nowhere"))
                    .transfer(TransferSettings.STANDARD);

            long start = System.nanoTime();
            assertThatThrownBy(() -> download(settings))
                    .isInstanceOf(HubException.class)
                    .hasMessageContainingAll("secure connection to localhost", "javax.net.ssl.trustStore");
            assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
        } finally {
            https.stop(0);
        }
    }

    /** With a certificate that it signed itself, made by the JDK's keytool. */
    private HttpsServer httpsServer() throws Exception {
        Path store = folder.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "test",
                        "-dname",
                        "CN=localhost",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer https = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        https.start();
        return https;
    }

    @Test
    void aRedirectFromTlsToPlainTextIsNotFollowed() {
        URI from = URI.create("https://hub.example/a?token=x");

        assertThat(HubHttp.target(from, "/b")).hasToString("https://hub.example/b");
        assertThatThrownBy(() -> HubHttp.target(from, "http://hub.example/b?signature=y"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("https://hub.example/a", "http://hub.example/b", "expected an https address")
                .hasMessageNotContaining("signature")
                .hasMessageNotContaining("token");
        assertThatThrownBy(() -> HubHttp.target(from, "::not an address::"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("no valid address");
    }

    @Test
    void anAnswerOfAnotherKindOfServerIsNamed() {
        server.misbehave(seen -> true, 1, answer -> answer.become(Answer.status(418)));

        assertThatThrownBy(() -> download(server.settings(folder)))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("418", "expected 200", "HF_ENDPOINT", "proxy");
    }

    @Test
    void aFileListWithoutEndIsNotRead() {
        server.misbehave(seen -> true, Integer.MAX_VALUE, answer -> {
            answer.chunkBytes = 1 << 20;
            answer.become(new Answer().body(Content.of(new byte[9 << 20])));
        });

        assertThatThrownBy(() -> download(server.settings(folder)))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("file list", "more than 8388608 bytes");
    }

    @Test
    void aShardIndexThatIsNoneIsNamed() {
        repo.without(TestRepo.LM).with("model.safetensors.index.json", Content.of("not json"));
        assertThatThrownBy(() -> download(server.settings(folder)))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("shard index", "expected JSON", "fetch it again");

        repo.with("model.safetensors.index.json", Content.of("{}"));
        assertThatThrownBy(() -> download(server.settings(folder.resolve("another"))))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("any shard in the weight_map");
    }

    @Test
    void aCacheThatCannotBeReadIsNamed() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("models--owner--name/blobs"));
        try {
            Files.createSymbolicLink(blobs.resolve("x.incomplete"), Path.of("gone"));
        } catch (UnsupportedOperationException e) {
            org.junit.jupiter.api.Assumptions.abort("this file system has no symbolic links");
        }

        assertThatThrownBy(() -> HubCache.of(server.settings(folder)).list())
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("Cannot read or change the cache", folder.toString(), "HF_HUB_CACHE");
    }

    @Test
    void aReferenceThatIsNoCommitIsNone() throws IOException {
        Path refs = Files.createDirectories(folder.resolve("models--owner--name/refs"));
        Files.write(refs.resolve("main"), new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThat(download(server.settings(folder)).commit()).isEqualTo(repo.commit);
        assertThat(refs.resolve("main")).hasContent(repo.commit);
    }

    @Test
    void sizesAreForPeople() {
        assertThat(HubErrors.bytes(0)).isEqualTo("0 B");
        assertThat(HubErrors.bytes(1023)).isEqualTo("1023 B");
        assertThat(HubErrors.bytes(16_320_875_724L)).isEqualTo("15.2 GiB");
        assertThat(HubErrors.bytes(Long.MAX_VALUE)).isEqualTo("8388608.0 TiB");
    }
}
