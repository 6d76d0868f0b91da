package io.github.moshivis.cli;

import io.github.moshivis.audio.Microphone;
import io.github.moshivis.audio.Speaker;
import io.github.moshivis.programs.OptionHeading;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Option;

/** Options for the microphone and the speaker. */
@OptionHeading("Microphone and speaker")
final class DeviceOptions {
    @Option(names = "--list-devices", description = "Print the names of microphones and speakers, and exit.")
    private boolean listed;

    @Option(
            names = "--microphone",
            paramLabel = "NAME",
            description = "Name of a microphone, or a unique part of it. Default: the system's default device.")
    private String microphone;

    @Option(
            names = "--speaker",
            paramLabel = "NAME",
            description = "Name of a speaker, or a unique part of it. Default: the system's default device.")
    private String speaker;

    /** Prints the devices if {@code --list-devices} is set; returns whether it is. */
    boolean list(PrintWriter out) {
        if (listed) {
            list("microphones", Microphone.names(), out);
            list("speakers", Speaker.names(), out);
        }
        return listed;
    }

    private static void list(String title, List<String> names, PrintWriter out) {
        out.println(title + ":" + (names.isEmpty() ? " none" : ""));
        names.forEach(name -> out.println("  " + TerminalWriter.line(name)));
        out.flush();
    }

    /** Opens and closes the devices, so that errors appear before a model is loaded. */
    void check() throws IOException {
        try (Microphone heard = microphone();
                Speaker played = speaker()) {
            heard.open();
            played.open();
        }
    }

    Microphone microphone() {
        return microphone == null ? Microphone.standard() : Microphone.named(microphone);
    }

    Speaker speaker() {
        return speaker == null ? Speaker.standard() : Speaker.named(speaker);
    }
}
