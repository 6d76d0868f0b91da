package io.github.moshivis.server;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.OggOpus;
import io.github.moshivis.errors.Finding;
import io.github.moshivis.errors.MoshiVisException;
import io.github.moshivis.programs.GroupedHelp;
import io.github.moshivis.programs.Halt;
import io.github.moshivis.programs.MemoryLimit;
import io.github.moshivis.programs.OptionHeading;
import io.github.moshivis.programs.ParsedArguments;
import io.github.moshivis.programs.ProxyLogin;
import io.github.moshivis.programs.Seconds;
import io.github.moshivis.server.config.ConfigFile;
import io.github.moshivis.server.log.Events;
import io.github.moshivis.server.log.LastingLog;
import io.github.moshivis.server.log.OneLine;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command that runs the server; on SIGTERM it lets conversations finish. */
@Command(
        name = "moshivis-server",
        description = "Serves spoken conversations about pictures, with a page for browsers.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Main implements Callable<Integer> {
    private static final String LOG_MANAGER = "java.util.logging.manager";

    /** Maximum time of the shutdown after the last conversation. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** Maximum time of the shutdown while the model is loading. */
    private static final Duration LOADING_TIMEOUT = Duration.ofSeconds(1);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration of a reference server: the Rust server's .json or the PyTorch server's .yaml."
                    + " Command line options and environment variables (--max-duration is MOSHIVIS_MAX_DURATION) override"
                    + " it.")
    private Path config;

    @Mixin
    private ServedModel servedModel;

    @Mixin
    private NetworkFlags networkFlags;

    @Mixin
    private TalkFlags talkFlags;

    @Mixin
    private ProtocolFlags protocolFlags;

    @OptionHeading("Conversations and their queue")
    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "Maximum time for conversations to finish when the server stops. Default: 20.")
    private double drain;

    private ConfigFile settings = ConfigFile.NONE;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private volatile boolean serving;

    private final Map<String, String> environment;

    /**
     * Creates the command.
     *
     * @param environment variables
     */
    Main(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Starts the server and ends the program with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        MemoryLimit.lift();
        ProxyLogin.allow(System.getenv());
        decodeSafely();
        System.setProperty(LOG_MANAGER, System.getProperty(LOG_MANAGER, LastingLog.class.getName()));
        OneLine.configure();
        Main main = new Main(System.getenv());
        Runtime.getRuntime().addShutdownHook(new Thread(main::stop, "moshivis-stop"));
        int exitCode = ExitCode.SOFTWARE;
        try {
            exitCode = main.run(args);
        } catch (Throwable e) { // an Error, which the command passes on
            Events.of("server-failed").log(Level.ERROR, e);
        }
        main.stopped.countDown();
        System.exit(exitCode);
    }

    /** Decodes untrusted audio in Java unless the operator sets a libopus: the bundled one is of 2016. */
    private static void decodeSafely() {
        if (System.getProperty(OggOpus.LIBRARY_PROPERTY) == null
                && System.getProperty(OggOpus.IMPLEMENTATION_PROPERTY) == null) {
            System.setProperty(OggOpus.IMPLEMENTATION_PROPERTY, "java");
        }
    }

    /** Returns known vulnerabilities among findings, such as those of an old libopus that the operator set. */
    static List<Events> vulnerabilities(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.kind() == Finding.Kind.VULNERABILITY)
                .map(finding -> Events.of("vulnerable").with("found", finding))
                .toList();
    }

    /** Shutdown hook: stops the server and waits for it. */
    private void stop() {
        stopping.countDown();
        boolean isOver = false;
        try {
            isOver = stopped.await(
                    serving ? Math.round(drain) + CLOSE_TIMEOUT.toSeconds() : LOADING_TIMEOUT.toSeconds(),
                    TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process ends anyway
        }
        if (!isOver) {
            Halt.now(Halt.TERMINATED);
        }
    }

    /** Parser of the option {@code --config}, which supplies the defaults of all others. */
    private static final class ConfigOption {
        @Option(names = "--config")
        private Path file;
    }

    private static ConfigFile configFile(String[] args, Map<String, String> environment) {
        ConfigOption option = new ConfigOption();
        new CommandLine(option)
                .setUnmatchedArgumentsAllowed(true)
                .setDefaultValueProvider(ConfigFile.NONE.optionDefaults(environment))
                .parseArgs(args);
        return option.file == null ? ConfigFile.NONE : ConfigFile.read(option.file, environment);
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     * @return the exit code
     */
    int run(String[] args) {
        CommandLine command = commandLine();
        try {
            settings = configFile(args, environment);
        } catch (IllegalArgumentException e) {
            command.getErr().println("moshivis-server: " + e.getMessage());
            return ExitCode.USAGE;
        }
        return command.setDefaultValueProvider(settings.optionDefaults(environment))
                .execute(args);
    }

    CommandLine commandLine() {
        return GroupedHelp.apply(ParsedArguments.register(new CommandLine(this)), Map.of())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    boolean expected = failure instanceof MoshiVisException
                            || failure instanceof IllegalArgumentException
                            || failure instanceof IllegalStateException
                            || failure instanceof IOException;
                    command.getErr().println("moshivis-server: " + (expected ? failure.getMessage() : failure));
                    return failure instanceof IllegalArgumentException ? ExitCode.USAGE : ExitCode.SOFTWARE;
                });
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!settings.ignored().isEmpty()) {
            Events.of("settings-without-meaning")
                    .with("keys", settings.ignored())
                    .log();
        }
        if (!"java".equals(System.getProperty(OggOpus.IMPLEMENTATION_PROPERTY))) {
            vulnerabilities(MoshiVis.findings()).forEach(event -> event.log(Level.WARNING, null));
        }
        Duration drainTimeout = Seconds.positive("--drain", drain);
        try (Server server = new Server(
                networkFlags.place(),
                networkFlags.gate(),
                talkFlags.options(servedModel, settings),
                networkFlags.page(environment, servedModel.isNano()),
                protocolFlags.options())) {
            server.start(servedModel::load);
            serving = true;
            stopping.await();
            server.drain(drainTimeout);
        }
        return ExitCode.OK;
    }
}
