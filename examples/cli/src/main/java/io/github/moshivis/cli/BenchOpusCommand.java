package io.github.moshivis.cli;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.OggOpusDecoder;
import io.github.moshivis.audio.OggOpusEncoder;
import io.github.moshivis.audio.OpusSettings;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.programs.NanoDemo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times Opus on the bundled clip: {@code moshivis bench opus}. */
@Command(
        name = "opus",
        description = "Times Opus at each complexity: milliseconds of one core per second of audio, in pages of 20 ms.")
final class BenchOpusCommand implements Callable<Integer> {
    private static final double NANOS_PER_MILLI = 1e6;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Number of rounds, of which the fastest is reported. Default: 5.")
    private int repeats = 5;

    @Override
    public Integer call() throws IOException {
        Checks.atLeast(spec, "--repeats", repeats, 1);
        float[] sound = clip();
        double seconds = (double) sound.length / AudioSource.SAMPLE_RATE;
        PrintWriter out = spec.commandLine().getOut();
        MoshiVis.findings().stream()
                .filter(finding -> finding.subject().equals("opus"))
                .forEach(out::println);
        out.printf("%-10s %10s %10s %10s%n", "complexity", "encode ms", "decode ms", "kbit/s");
        for (int complexity = 0; complexity <= OpusSettings.MAX_COMPLEXITY; complexity++) {
            OpusSettings settings = OpusSettings.live().complexity(complexity);
            byte[] stream = encode(settings, sound);
            double encoding = bestMillis(() -> encode(settings, sound)) / seconds;
            double decoding = bestMillis(() -> decode(stream)) / seconds;
            double rate = stream.length * 8 / seconds / 1000;
            out.printf(Locale.ROOT, "%-10d %10.2f %10.2f %10.1f%n", complexity, encoding, decoding, rate);
            out.flush();
        }
        return 0;
    }

    private static float[] clip() throws IOException {
        try (AudioSource clip = SoundFile.source(new NanoDemo().clip())) {
            clip.open();
            float[] samples = new float[AudioSource.SAMPLE_RATE];
            int length = 0;
            for (int count = 0; count >= 0; count = clip.read(samples, length, samples.length - length)) {
                length += count;
                if (length == samples.length) {
                    samples = Arrays.copyOf(samples, 2 * length);
                }
            }
            return Arrays.copyOf(samples, length);
        }
    }

    private static byte[] encode(OpusSettings settings, float[] sound) {
        try (OggOpusEncoder encoder = new OggOpusEncoder(settings)) {
            ByteArrayOutputStream pages = new ByteArrayOutputStream();
            for (int start = 0; start < sound.length; start += AudioSource.FRAME_SAMPLES) {
                int length = Math.min(AudioSource.FRAME_SAMPLES, sound.length - start);
                pages.writeBytes(encoder.encode(sound, start, length));
            }
            pages.writeBytes(encoder.end());
            return pages.toByteArray();
        }
    }

    private static float[] decode(byte[] stream) {
        try (OggOpusDecoder decoder = new OggOpusDecoder()) {
            return decoder.decode(stream);
        }
    }

    private double bestMillis(Supplier<?> work) {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < repeats; round++) {
            long start = System.nanoTime();
            work.get();
            best = Math.min(best, System.nanoTime() - start);
        }
        return best / NANOS_PER_MILLI;
    }
}
