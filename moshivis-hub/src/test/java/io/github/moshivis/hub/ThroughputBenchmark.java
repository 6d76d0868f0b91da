package io.github.moshivis.hub;

import io.github.moshivis.io.ProgressListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Downloads one large file and compares with {@code curl URL | sha256sum}, alternating, from a server in a process of its own.
 * Run it with a small heap limit, which a heap that grew with the file would pass; {@code docs/hub.md} has the command.
 *
 * <p>Arguments: size in MiB, number of rounds. One more, {@code serve FILE}, is used by the benchmark itself.
 */
final class ThroughputBenchmark {
    private static final String MODEL = "owner/name";
    private static final PrintStream OUT = System.out;

    private ThroughputBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("serve")) {
            serve(Path.of(arguments[1]));
            return;
        }
        int mebibytes = Integer.parseInt(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Path folder = Files.createTempDirectory("hub-benchmark");
        Process server = null;
        try {
            Path file = write(folder.resolve("file"), mebibytes);
            server = java("serve", file.toString());
            String[] addresses = firstLine(server).split(" ");
            for (int round = 0; round < rounds; round++) {
                double curl = curl(addresses[1]);
                double ours = download(addresses[0], folder.resolve("cache"), mebibytes);
                OUT.printf(
                        "round %d: curl | sha256sum %.0f MiB/s, moshivis-hub %.0f MiB/s (verified, on disk), heap limit %d MiB%n",
                        round,
                        mebibytes / curl,
                        mebibytes / ours,
                        Runtime.getRuntime().maxMemory() >> 20);
            }
        } finally {
            if (server != null) {
                server.destroy();
            }
            CacheTree.delete(folder);
        }
    }

    private static Path write(Path file, int mebibytes) throws IOException {
        byte[] block = new byte[1 << 20];
        Random random = new Random(1);
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(block);
                out.write(java.nio.ByteBuffer.wrap(block));
            }
        }
        return file;
    }

    private static void serve(Path file) throws IOException, InterruptedException {
        try (TestHub hub = new TestHub()) {
            TestRepo repo =
                    hub.serve(TestRepo.model(MODEL, TestRepo.commit(1), 1).with(TestRepo.LM, Content.of(file)));
            hub.misbehave(seen -> true, Integer.MAX_VALUE, answer -> answer.chunkBytes = 1 << 20);
            OUT.println(hub.endpoint() + " " + hub.storage() + "/" + MODEL + "/" + repo.commit + "/" + TestRepo.LM);
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static String firstLine(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    private static Process java(String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new java.util.ArrayList<>(
                List.of(java, "-cp", System.getProperty("java.class.path"), ThroughputBenchmark.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static double curl(String address) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process pipe = new ProcessBuilder("sh", "-c", "curl -s --noproxy '*' " + address + " | sha256sum").start();
        pipe.getInputStream().readAllBytes();
        if (pipe.waitFor() != 0) {
            throw new IOException("curl failed");
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static double download(String endpoint, Path cache, int mebibytes) throws IOException {
        HubSettings settings = HubSettings.fromEnvironment(
                Map.of("HF_ENDPOINT", endpoint, "HF_HUB_CACHE", cache.toString(), "HOME", cache.toString()));
        long start = System.nanoTime();
        try (Hub hub = Hub.open(settings)) {
            Snapshot snapshot = hub.download(ModelName.parse(MODEL), Optional.empty(), ProgressListener.NONE);
            long size = Files.size(snapshot.directory().resolve(TestRepo.LM));
            if (size != (long) mebibytes << 20) {
                throw new IOException("found " + size + " bytes of " + URI.create(endpoint));
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        CacheTree.delete(cache);
        return seconds;
    }
}
