package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.audio.WavFile;
import io.github.moshivis.client.ChatClient;
import io.github.moshivis.client.ChatSettings;
import io.github.moshivis.io.AudioPipe;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Callers who all talk at the pace of speech, on the toy model. The long form wants a machine to itself: {@code -Dload.callers=N} and
 * {@code -Dload.seconds=N} say how many and how long.
 */
class LoadTest {
    /** Frames at the beginning, while callers are still joining and code is being compiled. */
    private static final int WARM_UP_SHARE = 10;

    private static final int BUDGET_MILLIS = 80;
    private static final long MAX_GROWTH = 32L << 20;

    private record Outcome(int frames, int lost, int p50, int p99, double skipped, long growth) {}

    @Test
    @Timeout(120)
    void eachFrameOfAFewCallersIsAnsweredOrCounted() throws Exception {
        Outcome outcome = talk(4, Duration.ofSeconds(6));
        assertThat(outcome.frames).isEqualTo(4 * 75);
        assertThat(outcome.lost)
                .as("what a busy machine does not answer is counted")
                .isEqualTo((int) outcome.skipped);
    }

    @Test
    @Tag("stress")
    void manyCallersAreAnsweredInTime() throws Exception {
        int callers = Integer.getInteger("load.callers", 16);
        Outcome outcome = talk(callers, Duration.ofSeconds(Integer.getInteger("load.seconds", 600)));
        System.getLogger(LoadTest.class.getName()).log(Level.INFO, "{0} callers: {1}", callers, outcome);
        assertThat(outcome.p99).as(outcome.toString()).isLessThan(BUDGET_MILLIS);
        assertThat(outcome.skipped).as("frames that the server skipped").isZero();
        assertThat(outcome.lost).as("frames without an answer").isZero();
        assertThat(outcome.growth).as("bytes that memory grew by").isLessThan(MAX_GROWTH);
    }

    /** Has so many callers talk for so long, and looks at what came back. */
    static Outcome talk(int callers, Duration length) throws Exception {
        int frames = (int) (length.toMillis() * AudioSource.SAMPLE_RATE / 1000 / AudioSource.FRAME_SAMPLES);
        List<byte[]> pages = Replay.encode(question(), frames);
        List<Replay> voices = new ArrayList<>();
        List<ChatClient> chats = new ArrayList<>();
        try (TestServer server = new TestServer()) {
            server.slots = callers;
            server.threads = 1; // the toy's products are too small to share, and voices need processors too
            server.start();
            for (int i = 0; i < callers; i++) {
                Replay voice = new Replay(pages);
                voices.add(voice);
                chats.add(ChatClient.to(server.server().address())
                        .format(voice)
                        .image(TestServer.picture())
                        .settings(ChatSettings.defaults().imageResolution(70))
                        .start(
                                new Hum(frames * AudioSource.FRAME_SAMPLES),
                                AudioPipe.droppingOldest(Duration.ofSeconds(1)).sink()));
            }
            Thread.sleep(length.dividedBy(WARM_UP_SHARE).toMillis());
            long before = resident();
            chats.forEach(ChatClient::join);
            return outcome(voices, frames, server.metric("moshivis_lags_total{kind=\"skipped\"}"), resident() - before);
        } finally {
            chats.forEach(ChatClient::close);
        }
    }

    private static Outcome outcome(List<Replay> voices, int frames, double skipped, long growth) {
        int[] lags = voices.stream()
                .flatMapToInt(voice -> voice.lags().skip(frames / WARM_UP_SHARE))
                .sorted()
                .toArray();
        assertThat(lags).as("the answers that were timed").isNotEmpty();
        assertThat(lags[0]).as("no answer comes before its question").isNotNegative();
        int sent = voices.stream().mapToInt(Replay::framesSent).sum();
        // The first frame has no sound yet, and the last page lacks the samples that its decoding is behind.
        int lost = voices.stream()
                .mapToInt(voice -> voice.framesSent() - 2 - voice.framesReceived())
                .filter(missing -> missing > 0)
                .sum();
        return new Outcome(sent, lost, lags[lags.length / 2], lags[lags.length * 99 / 100], skipped, growth);
    }

    private static float[] question() throws IOException {
        try (AudioSource source = WavFile.source(TestServer.PICTURE.resolveSibling("input.wav"))) {
            source.open();
            float[] all = new float[10 * AudioSource.SAMPLE_RATE];
            int length = 0;
            for (int count = 0; count >= 0; count = source.read(all, length, all.length - length)) {
                length += count;
            }
            return Arrays.copyOf(all, length);
        }
    }

    /** Memory of this process, which holds the callers too; 0 where the system does not tell. */
    private static long resident() throws IOException {
        System.gc();
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .sum();
    }
}
