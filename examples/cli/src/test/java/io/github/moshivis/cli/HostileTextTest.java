package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.Reply;
import io.github.moshivis.TextPiece;
import io.github.moshivis.client.FakePeer;
import io.github.moshivis.client.FakeServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** No text from outside, whichever way it takes, brings a control character to the terminal. */
@Timeout(120)
class HostileTextTest {
    /** Sequences of ESC and of C1, a title, backspace, carriage return, and characters that turn the direction of writing. */
    private static final String HOSTILE =
            "\u001b[2J\u001b]0;t\u0007\u009b31m\u0085\u007f\b\rx\u202ey\u2066z\u200f\u061c\u2028w\u001b[1A";

    private static final String TURNS =
            "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029";
    private static final Reply.Times TIMES = new Reply.Times(1, 2, 3, 4, 10);

    @TempDir
    private Path directory;

    private static void assertIsHarmless(String output) {
        assertThat(output.codePoints()
                        .filter(each -> each != '\n' && each != '\t')
                        .filter(each -> Character.isISOControl(each) || TURNS.indexOf(each) >= 0)
                        .mapToObj(Integer::toHexString))
                .as(output)
                .isEmpty();
    }

    private static void assertIsHarmless(Cli.Outcome outcome) {
        assertIsHarmless(outcome.out());
        assertIsHarmless(outcome.err());
    }

    private static void collect(CommandLine command, List<CommandLine> commands) {
        commands.add(command);
        command.getSubcommands().values().forEach(each -> collect(each, commands));
    }

    @Test
    void wordsOfTheCommandLine() {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        List<CommandLine> commands = new ArrayList<>();
        collect(Main.commandLine(Map.of(), nowhere, nowhere), commands);
        for (CommandLine command : commands) {
            String[] name = command.getCommandSpec().qualifiedName().split(" ");
            List<Object> words = new ArrayList<>(List.of((Object[]) name).subList(1, name.length));
            words.add("--unknown" + HOSTILE);
            Cli.Outcome outcome = Cli.run(words.toArray());
            assertThat(outcome.exitCode())
                    .as(command.getCommandSpec().qualifiedName())
                    .isEqualTo(2);
            assertIsHarmless(outcome);
        }
        for (String option : List.of("--model", "--in", "--image", "--threads", "--quantize", "--question", "--out")) {
            Cli.Outcome outcome = Cli.run("run", option, "a/" + HOSTILE);
            assertThat(outcome.exitCode()).as(option).isNotZero();
            assertIsHarmless(outcome);
        }
        assertIsHarmless(Cli.run("--verbose", "inspect", HOSTILE));
        assertIsHarmless(Cli.run("train", HOSTILE));
        assertIsHarmless(Cli.run("chat", HOSTILE));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "names of files cannot be hostile there")
    void namesOfFiles() throws IOException {
        String name = HOSTILE.replace("/", "");
        Path sound = Files.copy(Cli.QUESTION, directory.resolve(name + ".wav"));
        Path picture = Files.copy(Cli.PICTURE, directory.resolve(name + ".png"));
        Path noModel = Files.writeString(directory.resolve(name + ".safetensors"), "no model");
        Cli.Outcome talk = Cli.run(
                "run",
                "--toy",
                "--in",
                sound,
                "--image",
                picture,
                "--play",
                "--out",
                directory.resolve(name + "2.wav"));
        assertThat(talk.exitCode()).as(talk.err()).isZero();
        assertThat(talk.out()).contains("2.wav (the answer)");
        assertIsHarmless(talk);
        assertIsHarmless(Cli.run("inspect", noModel));
        assertIsHarmless(Cli.run("convert", "--to", "mlx", noModel, directory.resolve(name)));
        assertIsHarmless(Cli.run("transcribe", "--model", Golden.path("stt/model"), sound, sound));
        assertIsHarmless(Cli.run("evaluate", noModel));
    }

    @Test
    void messagesOfAServer() throws Exception {
        FakePeer hostile = new FakePeer() {
            @Override
            protected void heard(byte[] message) {
                if (received().size() == 1) {
                    send("04" + hex("{\"text_topk\":25,\"" + "a\":\"\u202e\"}"));
                    send("000000000000000000");
                    send("070a" + hex(HOSTILE));
                    send("02" + hex(HOSTILE));
                    send("05" + hex(HOSTILE));
                    close(1011, HOSTILE);
                }
            }
        };
        try (FakeServer server = FakeServer.playing(() -> hostile)) {
            Cli.Outcome outcome =
                    Cli.run("chat", server.address(), "--audio", Cli.QUESTION, "--out", directory.resolve("out.wav"));
            assertThat(outcome.out() + outcome.err()).contains("The server says:", "x y z");
            assertIsHarmless(outcome);
        }
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void wordsOfAModel() {
        for (boolean terminal : List.of(true, false)) {
            StringWriter shown = new StringWriter();
            PrintWriter out = new PrintWriter(shown);
            StatusLine line = StatusLine.of(out, terminal, () -> 0);
            TalkProgress progress = new TalkProgress(out, line, () -> 0, Optional.empty());
            DemoScreen screen = new DemoScreen(out, terminal);
            TextPiece piece = new TextPiece(0, 5, HOSTILE, HOSTILE, 0);
            progress.text(piece);
            progress.reply(new Reply(0, new int[8], false, TIMES, Optional.empty()));
            progress.finish("Wrote " + HOSTILE);
            screen.describe(HOSTILE, HOSTILE, HOSTILE);
            screen.text(piece);
            screen.finish(Path.of("answer.wav"), Optional.empty(), true);
            assertIsHarmless(shown.toString().replaceAll("\u001b\\[38;2;[0-9;]+m|\u001b\\[0m|\r", ""));
            assertThat(shown.toString()).contains("y z");
        }
    }

    @Test
    void theLog() {
        Logger root = Logger.getLogger("");
        Logging.configure(false);
        LogRecord record = new LogRecord(Level.WARNING, HOSTILE);
        record.setThrown(new IllegalStateException(HOSTILE));
        assertThat(root.getHandlers())
                .hasAtLeastOneElementOfType(ConsoleHandler.class)
                .allSatisfy(handler -> {
                    String logged = handler.getFormatter().format(record);
                    assertThat(logged).startsWith("moshivis: WARNING: ").contains("y z");
                    assertIsHarmless(logged.strip());
                });
    }
}
