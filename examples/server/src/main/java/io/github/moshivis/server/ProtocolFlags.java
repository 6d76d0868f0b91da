package io.github.moshivis.server;

import io.github.moshivis.programs.OptionHeading;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Options of the protocols beside the reference's: pictures by their address, and telephones. */
@OptionHeading("Pictures by address and telephones")
final class ProtocolFlags {
    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--image-url-host",
            paramLabel = "HOST[:PORT]",
            split = ",",
            description =
                    "Hosts whose pictures are fetched when clients of /v1/realtime name them. Default: none; clients"
                            + " send data URLs.")
    private List<String> imageHosts = new ArrayList<>();

    @Option(
            names = "--telephone-picture",
            paramLabel = "FILE",
            description = "The picture that the model looks at in telephone calls. Default: none.")
    private Path telephonePicture;

    @Option(
            names = "--audiosocket-port",
            paramLabel = "N",
            description = "Take Asterisk's AudioSocket on this TCP port; 0 for any that is free. Default: not taken.")
    private Integer audioSocketPort;

    @Option(
            names = "--audiosocket-host",
            paramLabel = "NAME|ADDRESS",
            defaultValue = "localhost",
            description = "Where to listen for AudioSocket, which has neither TLS nor tokens. Default: localhost.")
    private String audioSocketHost;

    ProtocolOptions options() {
        if (audioSocketPort != null && (audioSocketPort < 0 || audioSocketPort > MAX_PORT)) {
            throw new IllegalArgumentException(
                    "--audiosocket-port: found " + audioSocketPort + ", expected 0 to " + MAX_PORT + ". Correct it");
        }
        Set<String> hosts =
                imageHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        return new ProtocolOptions(
                hosts,
                Optional.ofNullable(telephonePicture).map(ProtocolFlags::bytes),
                Optional.ofNullable(audioSocketPort).map(port -> new InetSocketAddress(audioSocketHost, port)));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read the picture " + file.toAbsolutePath() + ": found " + e
                            + ", expected a file. Correct --telephone-picture",
                    e);
        }
    }
}
