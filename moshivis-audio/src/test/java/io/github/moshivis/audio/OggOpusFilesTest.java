package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.audio.opus.NativeStates;
import io.github.moshivis.audio.opus.OggPage;
import io.github.moshivis.audio.opus.OggPageWriter;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class OggOpusFilesTest {
    @TempDir
    Path directory;

    private final float[] sound = OpusSounds.voice(2.5);
    private int live;

    @BeforeEach
    void count() {
        live = NativeStates.live();
    }

    @AfterEach
    void everythingIsFreed() {
        assertThat(NativeStates.live()).isEqualTo(live);
    }

    private static void write(AudioSink sink, float[] sound) throws IOException {
        try (sink) {
            sink.open();
            for (int start = 0; start < sound.length; start += 1_920) {
                sink.write(sound, start, Math.min(1_920, sound.length - start));
            }
        }
    }

    @Test
    void aFileComesBackToTheSample() throws IOException {
        Path file = directory.resolve("talk.opus");
        write(OggOpus.sink(file), sound);

        float[] heard = Chunks.readAll(OggOpus.source(file));
        assertThat(heard).hasSameSizeAs(sound);
        assertThat(OpusSounds.likeness(sound, heard)).isGreaterThan(0.6);
        assertThat(OpusSounds.pages(Files.readAllBytes(file))).hasSize(2 + 3);
        assertThat(OggOpus.source(file).isLive()).isFalse();
    }

    @Test
    void aFileThatExistsIsReplaced() throws IOException {
        Path file = Files.write(directory.resolve("talk.opus"), new byte[100_000]);
        write(OggOpus.sink(file), new float[480]);

        assertThat(Files.size(file)).isLessThan(1_000);
        assertThat(Chunks.readAll(OggOpus.source(file))).hasSize(480);
    }

    @Test
    void aFileOfAProgramThatDiedEndsWithItsLastPage() throws IOException {
        Path file = directory.resolve("talk.opus");
        AudioSink sink = OggOpus.sink(file);
        sink.open();
        sink.write(sound, 0, sound.length);

        assertThat(Chunks.readAll(OggOpus.source(file))).hasSize(2 * 24_000 - 156);
        sink.close();
        assertThat(Chunks.readAll(OggOpus.source(file))).hasSameSizeAs(sound);
    }

    @Test
    void streamsAreFlushedPageByPageAndClosed() throws IOException {
        StringBuilder calls = new StringBuilder();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream() {
            @Override
            public void flush() {
                calls.append("flush ");
            }

            @Override
            public void close() {
                calls.append("close ");
            }
        };
        write(OggOpus.sink(bytes, OpusSettings.live()), new float[1_920 + 100]);

        assertThat(calls).hasToString("flush flush close ");
        assertThat(Chunks.readAll(OggOpus.source(new ByteArrayInputStream(bytes.toByteArray()))))
                .hasSize(2_020);
        List<OggPage> pages = OpusSounds.pages(bytes.toByteArray());
        assertThat(pages.get(pages.size() - 1).is(OggPage.LAST)).isTrue();
        AudioSource unending = OggOpus.live(new ByteArrayInputStream(bytes.toByteArray()));
        assertThat(unending.isLive()).isTrue();
        assertThat(Chunks.readAll(unending)).as("to the end of the last packet").hasSize(5 * 480 - 156);
    }

    @Test
    void whatIsNotOpusIsRefusedWhenItIsOpened() throws IOException {
        Path wav = Files.write(directory.resolve("talk.ogg"), Chunks.pcm16(1, 24_000, 1, 2, 3));
        assertRefused(wav, "a WAV file");
        assertRefused(Files.write(directory.resolve("empty.opus"), new byte[0]), "its end before a header");
        assertRefused(directory.resolve("missing.opus"), "Cannot open the Opus file", "check the path");
        assertRefused(directory, "it is a directory");
    }

    @Test
    void anotherCodecInOnePageIsNamed() throws IOException {
        OggPageWriter speex = new OggPageWriter(5);
        speex.add("Speex   1.2".getBytes(StandardCharsets.US_ASCII));

        Path file = Files.write(directory.resolve("speex.ogg"), speex.page(0, true));
        assertRefused(file, "Speex", "convert it to Opus");
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> SoundFile.duration(file))
                .withMessageContainingAll(file.toString(), "Speex", "convert it to Opus");
    }

    @Test
    void headersWithoutSoundAreRefused() throws IOException {
        Path file = directory.resolve("headers.opus");
        write(OggOpus.sink(file), new float[0]);

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Chunks.readAll(OggOpus.source(file)))
                .withMessageContainingAll("headers and no sound", "record it again");
    }

    private static void assertRefused(Path file, String... words) throws IOException {
        try (AudioSource source = OggOpus.source(file)) {
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(source::open)
                    .withMessageContainingAll(words)
                    .withMessageContaining(file.toString());
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsRefusedWhenItIsOpened() throws IOException {
        try (AudioSink sink = OggOpus.sink(directory.resolve("no/such/directory.opus"))) {
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(sink::open)
                    .withMessageContainingAll("Cannot write the Opus file", "no/such", "check the path");
        }
    }

    @Test
    void useInTheWrongOrderIsRefused() throws IOException {
        Path file = directory.resolve("talk.opus");
        AudioSink sink = OggOpus.sink(file);
        assertThatIllegalStateException()
                .isThrownBy(() -> sink.write(sound, 0, 1))
                .withMessageContainingAll("talk.opus", "not open");
        sink.open();
        assertThatIllegalStateException().isThrownBy(sink::open).withMessageContaining("opened before");
        sink.close();
        sink.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> sink.write(sound, 0, 1))
                .withMessageContaining("is closed");

        AudioSource source = OggOpus.source(file);
        assertThatIllegalStateException()
                .isThrownBy(() -> source.read(new float[1], 0, 1))
                .withMessageContainingAll("talk.opus", "not open");
        source.open();
        assertThatIllegalStateException().isThrownBy(source::open).withMessageContaining("opened before");
        source.close();
        source.close();
        assertThat(source.read(new float[1], 0, 1)).isEqualTo(-1);
        OggOpus.source(file).close();
        OggOpus.sink(file).close();
    }

    /** As a socket does: gives what has come, then waits; whoever waits when it is closed gets an exception. */
    private static final class Network extends ByteArrayInputStream {
        private final CountDownLatch waiting = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);

        Network(byte[] bytes) {
            super(bytes);
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = super.read(target, offset, length);
            if (count >= 0) {
                return count;
            }
            waiting.countDown();
            try {
                closed.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw new IllegalStateException("Socket closed");
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void closingEndsAReadThatWaits() throws Exception {
        Network network = new Network(OpusSounds.encode(OpusSettings.live(), new float[4_800]));
        AudioSource source = OggOpus.live(network);
        source.open();
        FutureTask<Integer> reading = new FutureTask<>(() -> Chunks.readOpened(source).length);
        Thread reader = new Thread(reading, "reader");
        reader.start();
        network.waiting.await();
        source.close();
        assertThat(reading.get()).isPositive();
    }

    @Test
    void theNamesEndingSaysWhatASoundFileIs() throws IOException {
        for (String name : new String[] {"a.opus", "b.OGG", "c.oga"}) {
            assertThat(written(name)).as(name).isEqualTo("OggS");
        }
        for (String name : new String[] {"d.wav", "e.opus.wav", "opus"}) {
            assertThat(written(name)).as(name).isEqualTo("RIFF");
        }
    }

    private String written(String name) throws IOException {
        Path file = directory.resolve(name);
        write(SoundFile.sink(file), sound);
        assertThat(Chunks.readAll(SoundFile.source(file))).hasSameSizeAs(sound);
        return new String(Files.readAllBytes(file), 0, 4, StandardCharsets.US_ASCII);
    }
}
