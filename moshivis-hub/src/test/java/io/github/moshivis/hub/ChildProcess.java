package io.github.moshivis.hub;

import io.github.moshivis.io.ProgressListener;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Another JVM that downloads a model from a test hub. */
final class ChildProcess {
    private ChildProcess() {}

    /** Longer parts than other tests have: a part that was fetched again as a whole would be noticed. */
    static final TransferSettings TRANSFER = new TransferSettings(
            4, 256 << 10, 8 << 10, TestHub.quick().retry(), Duration.ofSeconds(5), Duration.ofSeconds(5));

    /**
     * Arguments: endpoint, cache, model, and a model to fetch first into a cache that is thrown away, so that no class has to be
     * loaded while bytes arrive. Exits with 0 when the model is there.
     */
    public static void main(String[] arguments) throws IOException {
        Path scratch = Files.createTempDirectory(Path.of(arguments[1]).getParent(), "scratch");
        download(arguments[0], scratch, arguments[3]);
        download(arguments[0], Path.of(arguments[1]), arguments[2]);
    }

    private static void download(String endpoint, Path cache, String model) {
        HubSettings settings = HubSettings.fromEnvironment(
                        Map.of("HF_ENDPOINT", endpoint, "HF_HUB_CACHE", cache.toString(), "HOME", cache.toString()))
                .transfer(TRANSFER);
        try (Hub hub = Hub.open(settings)) {
            hub.download(ModelName.parse(model), Optional.empty(), ProgressListener.NONE);
        }
    }

    static Process start(URI endpoint, Path cache, String model, String warmUp) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(List.of(
                        java,
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        ChildProcess.class.getName(),
                        endpoint.toString(),
                        cache.toString(),
                        model,
                        warmUp))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        cache.resolveSibling("child.log").toFile()))
                .start();
    }
}
