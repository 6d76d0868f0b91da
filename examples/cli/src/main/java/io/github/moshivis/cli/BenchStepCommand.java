package io.github.moshivis.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.Conversation;
import io.github.moshivis.ImageFeatures;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Reply;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.cli.bench.MemoryBandwidth;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.LoadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times the stages of a step: {@code moshivis bench step}. */
@Command(name = "step", description = "Times the stages of a step, with one or more conversations at a time.")
final class BenchStepCommand implements Callable<Integer> {
    private static final double MILLISECOND = 1e6;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions modelOptions;

    @Option(
            names = "--size",
            paramLabel = "tiny|mid|full",
            description = "Measure a model of this size with random weights, written to a temporary directory.")
    private Checkpoint.Size size;

    @Mixin
    private RandomModel random;

    @Option(names = "--no-cuda-graphs", description = "Do not use CUDA graphs on an NVIDIA GPU.")
    private boolean withoutGraphs;

    @Option(names = "--conversations", paramLabel = "N", description = "Number of conversations at a time. Default: 1.")
    private int conversations = 1;

    @Option(
            names = "--image-tokens",
            paramLabel = "N",
            description = "Use a picture of N tokens; 0 for none. Default: the number of tokens in training.")
    private Integer imageTokens;

    @Mixin
    private BenchSteps steps = new BenchSteps(60);

    @Mixin
    private CompareOptions compare;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws IOException {
        steps.check();
        Checks.atLeast(spec, "--image-tokens", imageTokens == null ? 0 : imageTokens, 0);
        Path path =
                size == null ? modelOptions.path(modelOptions.flags().demo(), spec) : random.write(size, spec, output);
        LoadOptions options = modelOptions
                .loadOptions()
                .withoutTokenizer()
                .maxConversations(conversations)
                .cudaGraphs(!withoutGraphs);
        options = imageTokens == null || imageTokens == 0 ? options : options.maxImageTokens(imageTokens);
        StepTable table = new StepTable(output.writer());
        List<StepFigures> all = new ArrayList<>();
        for (WeightChoice form : compare.forms(modelOptions.flags())) {
            StepFigures figures = measure(path, form.apply(options), form.name());
            all.add(figures);
            if (output.isText()) {
                table.print(figures);
            }
        }
        if (output.isText() && all.size() > 1) {
            table.compare(all);
        }
        output.end(document -> write(all, document));
        return 0;
    }

    private StepFigures measure(Path path, LoadOptions options, String name) {
        long start = System.nanoTime();
        try (MoshiVis model = MoshiVis.load(path, options.progress(output.files()))) {
            double load = (System.nanoTime() - start) / MILLISECOND;
            double bandwidth = bandwidth();
            Optional<Image> picture = picture(model);
            List<Reply.Times> times = new ArrayList<>();
            output.progress("Measuring " + name + ": " + steps.total() + " frames ...");
            double wall = talk(model, picture, times);
            FrameReads reads = FrameReads.of(
                    model.weightReads(),
                    conversations,
                    steps.pastSteps(),
                    picture.map(image -> tokens(model)).orElse(0));
            return new StepFigures(
                    name,
                    load,
                    wall,
                    bandwidth,
                    bandwidth(),
                    reads,
                    StepFigures.stages(times.subList(steps.warmup() + 1, times.size()), reads));
        } finally {
            output.clear();
        }
    }

    private double bandwidth() {
        return MemoryBandwidth.measure(
                modelOptions.flags().device(), modelOptions.flags().threads());
    }

    /** Number of tokens of a picture: the option's, else the model's maximum. */
    private int tokens(MoshiVis model) {
        return imageTokens == null ? model.imageFeatures().orElseThrow().maxTokens() : imageTokens;
    }

    /** Picture of noise, as encoded features. */
    private Optional<Image> picture(MoshiVis model) {
        Optional<ImageFeatures> room = model.imageFeatures().filter(tokens -> imageTokens == null || imageTokens > 0);
        return room.map(tokens -> {
            int count = tokens(model);
            float[] values = new float[count * tokens.width()];
            Random random = new Random(1);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return Image.features(count, values);
        });
    }

    /** Runs all conversations; returns the milliseconds per step. */
    private double talk(MoshiVis model, Optional<Image> picture, List<Reply.Times> times) {
        SessionOptions options = model.session().seed(1).pastSteps(steps.window());
        options = picture.map(options::image).orElse(options);
        long[] begun = {0};
        List<Conversation> talks = new ArrayList<>();
        for (int i = 0; i < conversations; i++) {
            SessionOptions own = i > 0
                    ? options
                    : options.onReply(reply -> {
                        begun[0] = times.size() == steps.warmup() ? System.nanoTime() : begun[0];
                        times.add(reply.times());
                    });
            talks.add(own.start(new NoiseSource(steps.total() + 1), new Nowhere()));
        }
        talks.forEach(Conversation::join);
        return (System.nanoTime() - begun[0]) / MILLISECOND / steps.frames();
    }

    private void write(List<StepFigures> all, ObjectNode document) {
        document.put("device", modelOptions.flags().device())
                .put("threads", modelOptions.flags().threads());
        document.put("conversations", conversations)
                .put("frames", steps.frames())
                .put("window", steps.window());
        all.forEach(figures -> figures.write(document.withArray("/runs").addObject()));
    }

    /** Sink that discards audio. */
    private static final class Nowhere implements AudioSink {
        @Override
        public void write(float[] samples, int offset, int length) {}

        @Override
        public void close() {}
    }

    /** Source of soft noise, as fast as it is read. */
    private static final class NoiseSource implements AudioSource {
        private static final float LEVEL = 0.1f;

        private final Random random = new Random(1);
        private long remaining;

        NoiseSource(int frames) {
            remaining = (long) frames * FRAME_SAMPLES;
        }

        @Override
        public int read(float[] buffer, int offset, int length) {
            int count = (int) Math.min(length, remaining);
            for (int i = offset; i < offset + count; i++) {
                buffer[i] = LEVEL * (float) random.nextGaussian();
            }
            remaining -= count;
            return count == 0 ? -1 : count;
        }

        @Override
        public void close() {
            remaining = 0;
        }
    }
}
