package io.github.moshivis.server;

import io.github.moshivis.io.Image;
import io.github.moshivis.programs.OptionHeading;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Flags of the additional protocols: pictures by URL, and telephones. */
@OptionHeading("Pictures by address and telephones")
final class ProtocolFlags {
    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--image-url-host",
            paramLabel = "HOST[:PORT]",
            split = ",",
            description =
                    "Hosts from which picture URLs of /v1/realtime clients are fetched. Default: none; clients send"
                            + " data URLs.")
    private List<String> imageHosts = new ArrayList<>();

    @Option(
            names = "--telephone-picture",
            paramLabel = "FILE",
            description = "Picture for telephone calls. Default: none.")
    private Path telephonePicture;

    @Option(
            names = "--audiosocket-port",
            paramLabel = "N",
            description = "Accept Asterisk's AudioSocket on this TCP port; 0 for any free port. Default: disabled.")
    private Integer audioSocketPort;

    @Option(
            names = "--audiosocket-host",
            paramLabel = "NAME|ADDRESS",
            defaultValue = "localhost",
            description = "Address to listen on for AudioSocket, which has neither TLS nor tokens. Default: localhost.")
    private String audioSocketHost;

    ProtocolOptions options() {
        if (audioSocketPort != null && (audioSocketPort < 0 || audioSocketPort > MAX_PORT)) {
            throw new IllegalArgumentException(
                    "--audiosocket-port: found " + audioSocketPort + ", expected 0 to " + MAX_PORT + ". Correct it");
        }
        return new ProtocolOptions(
                HostForm.HOST_AND_PORT.check("--image-url-host", imageHosts),
                Optional.ofNullable(telephonePicture).map(ProtocolFlags::picture),
                Optional.ofNullable(audioSocketPort)
                        .map(port ->
                                new InetSocketAddress(HostForm.address("--audiosocket-host", audioSocketHost), port)));
    }

    private static Image picture(Path file) {
        try {
            return Image.read(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read the picture " + file.toAbsolutePath() + ": found " + e
                            + ", expected a file. Correct --telephone-picture",
                    e);
        }
    }
}
