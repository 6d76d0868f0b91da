package io.github.moshivis.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Another JVM, with this one's class path and environment variables of its own. */
final class ChildJvm {
    private ChildJvm() {}

    /**
     * Starts a program.
     *
     * @param log gets what it writes to either output
     */
    static Process start(Map<String, String> environment, Path log, Class<?> program, String... arguments)
            throws IOException {
        return start(environment, log, classPath(), program, arguments);
    }

    /** This JVM's class path without LibTorch's natives. */
    static String classPathWithoutNatives() {
        return Stream.of(classPath().split(File.pathSeparator))
                .filter(entry ->
                        !entry.matches(".*(javacpp|openblas|pytorch)-[0-9][^/\\\\]*-(linux|macosx|windows)-[^/\\\\]*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Starts a program with a class path of its own. */
    static Process start(
            Map<String, String> environment, Path log, String classPath, Class<?> program, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-Dgolden.dir=" + System.getProperty("golden.dir"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                program.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HF_") || name.equals("XDG_CACHE_HOME"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** What a program wrote. */
    static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
