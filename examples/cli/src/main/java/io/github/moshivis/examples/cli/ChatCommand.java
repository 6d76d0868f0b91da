package io.github.moshivis.examples.cli;

import io.github.moshivis.audio.WavFile;
import io.github.moshivis.examples.client.ChatClient;
import io.github.moshivis.examples.client.ChatOptions;
import io.github.moshivis.examples.client.ChatSettings;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moshivis chat}: a conversation with a server. */
@Command(
        name = "chat",
        description = "Holds a conversation about a picture with a server, ours or one of the reference's.",
        sortOptions = false)
final class ChatCommand implements Callable<Integer> {
    private static final String TOKEN = "MOSHIVIS_TOKEN";
    private static final double NANOS_PER_SECOND = 1e9;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            description = "The server's page, such as https://localhost:8998; https if no scheme is given.")
    private String server;

    @Mixin
    private PictureOptions pictureOptions;

    @Option(
            names = "--audio",
            paramLabel = "FILE.wav",
            required = true,
            description = "What the user says: any sample rate, number of channels and size of samples.")
    private Path audio;

    @Option(
            names = "--out",
            paramLabel = "FILE.wav",
            defaultValue = "moshivis-out.wav",
            description = "What the model says: 24 kHz, mono, 32-bit float. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
            names = "--tail",
            paramLabel = "SECONDS",
            defaultValue = "4",
            description = "Silence after the file, which gives the model time to answer. Default: ${DEFAULT-VALUE}.")
    private double tail;

    @Mixin
    private SamplingOptions samplingOptions;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "What the server wants to be shown. Default: the environment variable " + TOKEN
                    + ", which other users of this machine cannot read.")
    private String token;

    @ArgGroup(exclusive = true)
    private Trusted trusted = new Trusted();

    private static final class Trusted {
        @Option(names = "--trust-all", description = "Talk with any server, whatever its certificate.")
        private boolean all;

        @Option(
                names = "--trust",
                paramLabel = "FILE.pem",
                description = "Talk with a server that has this certificate, or one signed by it.")
        private Path certificates;
    }

    @Override
    public Integer call() throws IOException {
        samplingOptions.check();
        List<Path> others = new ArrayList<>(List.of(audio));
        pictureOptions.file().ifPresent(others::add);
        OutputFiles.check("--out", out, others);
        PrintWriter stdout = spec.commandLine().getOut();
        boolean terminal = StatusLine.of(stdout).isVisible();
        ChatScreen screen = new ChatScreen(stdout, terminal);
        ChatOptions options = options().listener(screen);
        try (ChatClient chat = options.start(voice(), WavFile.sink(out))) {
            if (terminal) {
                stdout.println(ChatKeys.HINT);
                ChatKeys.obey(System.console().reader(), chat);
            }
            chat.join();
            screen.finish(chat.statistics());
        }
        return ExitCode.OK;
    }

    private ChatOptions options() {
        ChatOptions options =
                ChatClient.to(server).settings(samplingOptions.apply(pictureOptions.apply(ChatSettings.defaults())));
        Optional<byte[]> picture = pictureOptions.read(new Demo()).flatMap(Image::encodedBytes);
        options = picture.isPresent() ? options.image(picture.get()) : options;
        String shown = token != null ? token : Main.environment(spec).get(TOKEN);
        options = shown == null ? options : options.token(shown);
        if (trusted.certificates != null) {
            return options.trust(trusted.certificates);
        }
        return trusted.all ? options.trustAll() : options;
    }

    private AudioSource voice() {
        return WavFile.source(audio).thenSilence(Duration.ofNanos(Math.round(tail * NANOS_PER_SECOND)));
    }
}
