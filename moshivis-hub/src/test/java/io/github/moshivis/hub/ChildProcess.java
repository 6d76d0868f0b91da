package io.github.moshivis.hub;

import io.github.moshivis.io.ProgressListener;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Another JVM that downloads a model from a test hub. */
final class ChildProcess {
    private ChildProcess() {}

    /** Arguments: endpoint, cache, model. Exits with 0 when the model is there. */
    public static void main(String[] arguments) {
        HubSettings settings = HubSettings.fromEnvironment(
                        Map.of("HF_ENDPOINT", arguments[0], "HF_HUB_CACHE", arguments[1], "HOME", arguments[1]))
                .withTransfer(TestHub.quick());
        try (Hub hub = Hub.open(settings)) {
            hub.download(ModelName.parse(arguments[2]), Optional.empty(), ProgressListener.NONE);
        }
    }

    static Process start(URI endpoint, Path cache, String model) throws IOException {
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
                        model))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        cache.resolveSibling("child.log").toFile()))
                .start();
    }
}
