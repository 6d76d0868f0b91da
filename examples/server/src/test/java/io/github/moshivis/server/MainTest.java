package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.errors.Finding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command line: what cannot be is said in one line, before a model is loaded. */
class MainTest {
    private int exitCode;

    private String run(Map<String, String> environment, String... args) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            exitCode = new Main(environment).run(args);
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "--host 0.0.0.0 --http --tls-cert a.pem, --http is without TLS",
        "--tls-cert a.pem, Give the other one",
        "--tls-cert none.pem --tls-key none.pem, none.pem",
        "--static /no/such/directory, Correct --static",
        "--config none.json, none.json",
        "--queue -1, --queue",
        "--idle 0, --idle is a length in seconds",
        "--rate 0, at least 1",
        "--instance a/b, --instance",
        "--image sometimes, --image",
        "--port high, --port",
        "--record /proc, Cannot record to /proc",
        "--config /, Cannot use the configuration /",
        "--static /, no index.html",
        "--host=, --host",
        "--host localhost:8008, --host",
        "--idle 1e-300, at least 0.001",
        "--idle 1e300, at most 2147483647",
        "--audiosocket-port 0 --audiosocket-host a:1, --audiosocket-host",
        "--origin=::, https://example.org:8443",
        "--origin=https://example.org/page, --origin: found \"https://example.org/page\"",
        "--accept-host=http://here:8008, --accept-host",
        "--image-url-host=https://example.org, example.org:8443",
        "--device tpu, 'cpu, cuda'"
    })
    void whatCannotBeIsSaid(String args, String message) {
        assertThat(run(Map.of(), ("--port 0 " + args).split(" "))).contains(message);
        assertThat(exitCode).isEqualTo(2);
    }

    @Test
    void anAddressThatCannotBeListenedOnIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(run(Map.of(), "--toy", "--http", "--host", "a..b", "--port", "0"))
                    .contains("Cannot listen on a..b, port 0", "Correct --host or --port");
            assertThat(run(Map.of(), "--toy", "--http", "--host", "127.0.0.1", "--port", port))
                    .contains("Cannot listen on 127.0.0.1, port " + port, "Correct --host or --port");
            assertThat(run(Map.of(), "--toy", "--http", "--port", "0", "--audiosocket-port", port))
                    .contains("port " + port, "Correct --audiosocket-host or --audiosocket-port");
        }
    }

    @Test
    void aTelephonePictureThatCannotBeDecodedIsSaidAtStart(@TempDir Path directory) throws IOException {
        Path heic = Files.writeString(directory.resolve("lobby.jpg"), "\0\0\0\u0018ftypheic\0\0\0\0mif1heic");

        assertThat(run(Map.of(), "--toy", "--port", "0", "--telephone-picture", heic.toString()))
                .contains("lobby.jpg", "HEIC", "Convert it");
        assertThat(exitCode).isEqualTo(1);
    }

    @Test
    void helpListsEachOptionOnceUnderItsTheme() {
        CommandLine command = new Main(Map.of()).commandLine();
        String help = command.getUsageMessage();
        assertThat(help)
                .containsSubsequence(
                        "moshivis-server [OPTIONS]",
                        "\nOptions:\n",
                        "--config",
                        "\nModel:\n",
                        "--quantize",
                        "--slots",
                        "\nAddress, access and page:\n",
                        "--token",
                        "\nConversations and their queue:\n",
                        "--queue",
                        "--drain",
                        "\nPictures by address and telephones:\n",
                        "--audiosocket-port",
                        "\nGeneral:\n",
                        "--help");
        command.getCommandSpec().options().forEach(option -> assertThat(help.lines())
                .filteredOn(line -> line.matches("  (    |-\\w, )\\Q" + option.longestName() + "\\E([ =].*)?"))
                .as(option.longestName())
                .hasSize(1));
    }

    @Test
    void theEnvironmentIsReadToo() {
        assertThat(run(Map.of("MOSHIVIS_CONFIG", "lost.yaml"))).contains("lost.yaml");
        assertThat(run(Map.of("MOSHIVIS_TOKEN", "x", "MOSHIVIS_IDLE", "-2"), "--port", "0"))
                .contains("--idle", "-2");
    }

    @Test
    void anOldLibopusIsWarnedOf() {
        String before = System.getProperty("moshivis.opus");
        System.setProperty("moshivis.opus", "native");
        try {
            assumeThat(MoshiVis.diagnose()).contains("libopus 1.1.");
            assertThat(Main.vulnerabilities(MoshiVis.findings()))
                    .singleElement()
                    .asString()
                    .contains("libopus 1.1.", "-Dmoshivis.opus=java");
        } finally {
            if (before == null) {
                System.clearProperty("moshivis.opus");
            } else {
                System.setProperty("moshivis.opus", before);
            }
        }
        assertThat(Main.vulnerabilities(List.of(Finding.fact("opus", "Concentus, without CVE-2017-0381"))))
                .isEmpty();
    }
}
