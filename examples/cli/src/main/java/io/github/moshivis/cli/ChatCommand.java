package io.github.moshivis.cli;

import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.client.ChatClient;
import io.github.moshivis.client.ChatOptions;
import io.github.moshivis.client.ChatSettings;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.ForwardingSink;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.BundledModel;
import io.github.moshivis.programs.NanoDemo;
import io.github.moshivis.programs.OptionHeading;
import io.github.moshivis.programs.Seconds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
        description = "Holds a conversation about a picture with a server of this project or of the reference.",
        sortOptions = false)
final class ChatCommand implements Callable<Integer> {
    private static final String TOKEN = "MOSHIVIS_TOKEN";

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            description = "The server's page, such as https://localhost:8998; https if no scheme is given.")
    private String server;

    @Mixin
    private PictureOptions pictureOptions;

    @ArgGroup(exclusive = true)
    private Voice voice = new Voice();

    @OptionHeading("User's voice")
    private static final class Voice {
        @Option(
                names = "--audio",
                paramLabel = "FILE",
                description =
                        "The user's speech: WAV, or Opus if the name ends in .opus, .ogg or .oga. Default: the microphone;"
                                + " use headphones, because a model that hears itself answers itself.")
        private Path file;

        @Option(
                names = "--question",
                paramLabel = "TEXT",
                description =
                        "A bundled question instead of the microphone, such as \"What do you see?\"; run --list shows all"
                                + " of them.")
        private String question;
    }

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File for the model's speech: WAV, or Opus by the same endings. Default: the speaker.")
    private Path out;

    @OptionHeading("User's voice")
    @Option(
            names = "--tail",
            paramLabel = "SECONDS",
            defaultValue = "6",
            description = "Silence after the file or question, for the answer. Default: ${DEFAULT-VALUE}.")
    private double tail;

    @Mixin
    private DeviceOptions deviceOptions;

    @Mixin
    private ServerSamplingOptions samplingOptions;

    @OptionHeading("Conversation")
    @Option(
            names = "--voice",
            paramLabel = "NAME",
            description =
                    "Voice of a PersonaPlex model, one that the server offers, such as NATF2. Default: the server's.")
    private String voicePrompt;

    @OptionHeading("Conversation")
    @Option(names = "--role", paramLabel = "TEXT", description = "Role of a PersonaPlex model. Default: the server's.")
    private String role;

    @OptionHeading("Conversation")
    @Option(
            names = "--user-text",
            description =
                    "Also show the user's words, on lines of their own; needs a server of this project with --stt.")
    private boolean userText;

    @OptionHeading("Server")
    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The server's access token. Default: the environment variable "
                    + TOKEN
                    + ", which other users of this machine cannot read.")
    private String token;

    @ArgGroup(exclusive = true)
    private Trusted trusted = new Trusted();

    @OptionHeading("Server")
    private static final class Trusted {
        @Option(names = "--trust-all", description = "Accept any certificate of the server.")
        private boolean all;

        @Option(
                names = "--trust",
                paramLabel = "FILE.pem",
                description = "Accept this certificate of the server, and certificates signed by it.")
        private Path certificates;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter stdout = spec.commandLine().getOut();
        if (deviceOptions.list(stdout)) {
            return ExitCode.OK;
        }
        samplingOptions.check();
        if (out != null) {
            List<Path> others = new ArrayList<>();
            Optional.ofNullable(voice.file).ifPresent(others::add);
            pictureOptions.file().ifPresent(others::add);
            OutputFiles.check("--out", out, others);
        }
        boolean terminal = StatusLine.of(stdout).isVisible();
        ChatScreen screen = new ChatScreen(stdout, terminal);
        Optional<byte[]> picture = pictureOptions.read(new NanoDemo()).flatMap(Image::encodedBytes);
        if (picture.isEmpty()) {
            screen.noPicture();
        }
        ChatOptions options = options(picture).listener(screen);
        AudioSink sink = out == null ? deviceOptions.speaker() : new StartedSink(SoundFile.sink(out));
        try (ChatClient chat = options.start(source(), sink)) {
            if (terminal) {
                stdout.println(ChatKeys.HINT);
                ChatKeys.obey(System.console().reader(), chat);
            }
            chat.join();
            screen.finish(chat.statistics());
        }
        return ExitCode.OK;
    }

    private ChatOptions options(Optional<byte[]> picture) {
        ChatSettings settings = samplingOptions.apply(pictureOptions.apply(ChatSettings.defaults()));
        settings = voicePrompt == null ? settings : settings.voice(voicePrompt);
        settings = role == null ? settings : settings.role(role);
        settings = userText ? settings.userText() : settings;
        ChatOptions options = ChatClient.to(server).settings(settings);
        options = picture.isPresent() ? options.image(picture.get()) : options;
        String shown = token != null ? token : Main.environment(spec).get(TOKEN);
        options = shown == null ? options : options.token(shown);
        if (trusted.certificates != null) {
            return options.trust(trusted.certificates);
        }
        return trusted.all ? options.trustAll() : options;
    }

    private AudioSource source() {
        if (voice.file == null && voice.question == null) {
            return deviceOptions.microphone();
        }
        Path file = voice.file != null
                ? voice.file
                : BundledModel.nano().question(voice.question).file();
        return SoundFile.source(file).thenSilence(Seconds.notNegative("--tail", tail));
    }

    /** Sink that is opened with the first audio, so that a conversation that does not start creates and replaces no file. */
    private static final class StartedSink extends ForwardingSink {
        private boolean started;

        StartedSink(AudioSink sink) {
            super(sink);
        }

        @Override
        public void open() {
            // Opened with the first audio.
        }

        @Override
        public void write(float[] samples, int offset, int length) throws IOException {
            if (!started) {
                super.open();
                started = true;
            }
            super.write(samples, offset, length);
        }
    }
}
