package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** WAV files through what cannot seek: named pipes and streams. */
@Timeout(30)
class WavPipeTest {
    private static final float[] SAMPLES = {0, 0.5f, -0.5f, 0.25f};

    @TempDir
    Path directory;

    @Test
    void aNamedPipeIsReadOverChunksToSkip() throws Exception {
        byte[] file = new Chunks()
                .format(1, 1, 24_000, 16)
                .chunk("LIST", new byte[20_001])
                .chunk("data", 0xffff_ffffL, new byte[] {0, 0x40, 0, (byte) 0xc0})
                .riff("RIFF", 0xffff_ffffL);
        Path pipe = pipe();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(pipe, file));

        assertThat(Chunks.readAll(WavFile.source(pipe))).containsExactly(0.5f, -0.5f);
        writer.join();
    }

    @Test
    void aNamedPipeIsWrittenWithOpenSizes() throws Exception {
        Path pipe = pipe();
        CompletableFuture<byte[]> reader = CompletableFuture.supplyAsync(() -> read(pipe));

        try (AudioSink sink = WavFile.sink(pipe)) {
            sink.open();
            sink.write(SAMPLES, 0, SAMPLES.length);
        }

        assertThat(Chunks.readAll(stream(reader.join()))).isEqualTo(SAMPLES);
    }

    @Test
    void aStreamIsWrittenAndReadBack() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (AudioSink sink = WavFile.sink(bytes, PcmEncoding.SIGNED_16, "memory")) {
            sink.open();
            sink.write(SAMPLES, 0, SAMPLES.length);
        }

        assertThat(Chunks.readAll(stream(bytes.toByteArray()))).isEqualTo(SAMPLES);
    }

    @Test
    void aStreamWithoutRoomIsNamed() throws IOException {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        AudioSink sink = WavFile.sink(full, PcmEncoding.SIGNED_16, "/dev/full");
        sink.open();
        sink.write(SAMPLES, 0, SAMPLES.length);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(sink::close)
                .withMessage(
                        "Cannot write the WAV stream /dev/full: found No space left on device, expected space for more"
                                + " sound, and a reader");
    }

    private static AudioSource stream(byte[] wav) {
        return WavFile.source(new ByteArrayInputStream(wav), "memory");
    }

    private Path pipe() throws Exception {
        Path pipe = directory.resolve("pipe.wav");
        boolean made;
        try {
            made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
        } catch (IOException e) {
            made = false;
        }
        assumeThat(made).as("this system has named pipes").isTrue();
        return pipe;
    }

    private static void write(Path pipe, byte[] bytes) {
        try {
            Files.write(pipe, bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] read(Path pipe) {
        try {
            return Files.readAllBytes(pipe);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
