package io.github.moshivis.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.Conversation;
import io.github.moshivis.LoadOptions;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Reply;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.Image;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times the stages of a step: {@code moshivis bench step}. */
@Command(name = "step", description = "Times the stages of a step, with one or many conversations at once.")
final class BenchStepCommand implements Callable<Integer> {
    private static final double MILLISECOND = 1e6;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions modelOptions;

    @Option(
            names = "--size",
            paramLabel = "tiny|mid|full",
            description = "Write a model of random weights of that size to a temporary directory and use it.")
    private Checkpoint.Size size;

    @Option(names = "--conversations", paramLabel = "N", description = "How many at once. Default: 1.")
    private int conversations = 1;

    @Option(names = "--frames", paramLabel = "N", description = "Frames that count. Default: 100.")
    private int frames = 100;

    @Option(names = "--warmup", paramLabel = "N", description = "Frames before those. Default: 60.")
    private int warmup = 60;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "Talk about a picture of N pixels a side; 0 for none. Default: the size of training.")
    private Integer imageSize;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "Begin as if N steps had gone before, so that attention sees that many. Default: 0.")
    private int window;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        LoadOptions options = modelOptions.loadOptions().maxConversations(conversations);
        options = imageSize == null || imageSize == 0 ? options : options.maxImageSize(imageSize);
        Path path = size == null ? modelOptions.path(new Demo(), spec) : random();
        long start = System.nanoTime();
        try (MoshiVis model = MoshiVis.load(path, options)) {
            report(model, System.nanoTime() - start);
        }
        return 0;
    }

    /** A model of random weights, whose files go with the program. */
    private Path random() throws IOException {
        Path directory = Demo.deletedAtExit(Files.createTempDirectory("moshivis-bench-"));
        Checkpoint.random(size, 1, directory);
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(Demo::deletedAtExit);
        }
        return directory;
    }

    private void report(MoshiVis model, long loadNanos) {
        SessionOptions options = model.session().seed(1).pastSteps(window);
        if (imageSize == null || imageSize > 0) {
            options = options.image(Image.rgb(2, 2, new byte[12]));
            options = imageSize == null ? options : options.imageSize(imageSize);
        }
        List<Reply.Times> times = new ArrayList<>();
        long[] begun = {0};
        List<Conversation> talks = new ArrayList<>();
        for (int i = 0; i < conversations; i++) {
            boolean first = i == 0;
            SessionOptions own = first
                    ? options.onReply(reply -> {
                        begun[0] = times.size() == warmup ? System.nanoTime() : begun[0];
                        times.add(reply.times());
                    })
                    : options;
            talks.add(own.start(new NoiseSource(warmup + frames + 1), new Nowhere()));
        }
        talks.forEach(Conversation::join);
        double wall = (System.nanoTime() - begun[0]) / MILLISECOND / frames;
        print(times.subList(warmup + 1, times.size()), loadNanos / MILLISECOND, wall);
    }

    private void print(List<Reply.Times> times, double load, double wall) {
        Map<String, ToLongFunction<Reply.Times>> stages = new LinkedHashMap<>();
        stages.put("encode", Reply.Times::encode);
        stages.put("temporal", Reply.Times::temporal);
        stages.put("depth", Reply.Times::depth);
        stages.put("decode", Reply.Times::decode);
        stages.put("overhead", t -> t.total() - t.encode() - t.temporal() - t.depth() - t.decode());
        stages.put("frame", Reply.Times::total);
        ObjectNode document = new ObjectMapper().createObjectNode();
        document.put("load_ms", load).put("conversations", conversations).put("wall_ms_per_frame", wall);
        PrintWriter out = spec.commandLine().getOut();
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "loaded in %.0f ms; milliseconds of %d frames%n", load, times.size()));
        text.append(String.format("%-10s %8s %8s %8s %8s %8s%n", "stage", "best", "p50", "p95", "p99", "worst"));
        stages.forEach((name, stage) -> {
            double[] sorted = times.stream()
                    .mapToDouble(t -> stage.applyAsLong(t) / MILLISECOND)
                    .sorted()
                    .toArray();
            ObjectNode row = document.putObject(name);
            row.put("best", sorted[0]).put("p50", at(sorted, 0.5)).put("p95", at(sorted, 0.95));
            row.put("p99", at(sorted, 0.99)).put("worst", sorted[sorted.length - 1]);
            text.append(String.format(
                    Locale.ROOT,
                    "%-10s %8.2f %8.2f %8.2f %8.2f %8.2f%n",
                    name,
                    sorted[0],
                    at(sorted, 0.5),
                    at(sorted, 0.95),
                    at(sorted, 0.99),
                    sorted[sorted.length - 1]));
        });
        text.append(String.format(Locale.ROOT, "wall       %8.2f a frame, all conversations together%n", wall));
        out.print(json ? document.toString() + System.lineSeparator() : text.toString());
        out.flush();
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.round(share * (sorted.length - 1)))];
    }

    /** A sink that forgets. */
    private static final class Nowhere implements AudioSink {
        @Override
        public void write(float[] samples, int offset, int length) {}

        @Override
        public void close() {}
    }
}
