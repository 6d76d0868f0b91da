package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class RawPcmTest {
    private static final RawPcm NATIVE = new RawPcm(24_000, 1, PcmEncoding.SIGNED_16);

    @ParameterizedTest
    @EnumSource
    void readsWhatItWrote(PcmEncoding encoding) throws IOException {
        RawPcm format = new RawPcm(24_000, 1, encoding);
        float[] samples = {0.5f, -1, 0, 0.25f, -0.75f};
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (AudioSink sink = format.sink(bytes)) {
            sink.open();
            sink.write(samples, 0, 2);
            sink.write(samples, 2, 3);
        }
        assertThat(bytes.size()).isEqualTo(5 * encoding.bytesPerSample());
        assertThat(Chunks.readAll(format.source(new ByteArrayInputStream(bytes.toByteArray()))))
                .isEqualTo(Chunks.kept(encoding, samples));
    }

    @Test
    void convertsRatesAndChannels() throws IOException {
        RawPcm format = new RawPcm(48_000, 2, PcmEncoding.FLOAT_32);
        float[] samples = new float[2_400];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * 500 * i / 24_000));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (AudioSink sink = format.sink(bytes)) {
            sink.write(samples, 0, samples.length);
        }
        assertThat(bytes.size()).isEqualTo(2 * 2 * 4 * samples.length);
        float[] back = Chunks.readAll(format.source(new ByteArrayInputStream(bytes.toByteArray())));
        assertThat(back).hasSameSizeAs(samples);
        for (int i = 100; i < samples.length - 100; i++) {
            assertThat(back[i]).isCloseTo(samples[i], within(1e-4f));
        }
    }

    @Test
    void takesBytesHoweverTheyComeAndDropsAnIncompleteSample() throws IOException {
        InputStream oneByOne = new ByteArrayInputStream(new byte[] {0, 0x40, 0, (byte) 0xc0, 1}) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(1, length));
            }
        };
        assertThat(Chunks.readAll(NATIVE.source(oneByOne))).containsExactly(0.5f, -0.5f);
        assertThat(Chunks.readAll(NATIVE.source(InputStream.nullInputStream()))).isEmpty();
    }

    @Test
    void givesWhatIsThereWithoutWaitingForMore() throws IOException {
        PipedOutputStream program = new PipedOutputStream();
        AudioSource source = NATIVE.liveSource(new PipedInputStream(program));
        program.write(new byte[] {0, 0x40, 0, 0x20});
        program.flush();
        float[] read = new float[100];
        assertThat(source.read(read, 0, 100)).isPositive();
        assertThat(read).startsWith(0.5f);
        assertThat(source.isLive()).isTrue();
        assertThat(NATIVE.source(InputStream.nullInputStream()).isLive()).isFalse();
    }

    @Test
    void writesAtOnce() throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        AudioSink sink = NATIVE.sink(new BufferedOutputStream(seen, 1_000));
        sink.write(new float[] {0.5f, 0.25f}, 0, 2);
        assertThat(seen.toByteArray()).startsWith(0, 0x40);
    }

    @Test
    void closingASocketFromAnotherThreadEndsABlockedRead() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket other = server.accept()) {
            AudioSource source = NATIVE.liveSource(socket.getInputStream());
            FutureTask<Integer> reader = new FutureTask<>(() -> source.read(new float[10], 0, 10));
            new Thread(reader).start();
            Thread.sleep(50);
            source.close();
            assertThat(reader.get(30, TimeUnit.SECONDS)).isEqualTo(-1);
            assertThat(source.read(new float[1], 0, 1)).isEqualTo(-1);
            assertThat(other.isClosed()).isFalse();
        }
    }

    @Test
    void failuresOfTheStreamsAreHandedOn() {
        AudioSink sink = NATIVE.sink(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });
        assertThatIOException().isThrownBy(() -> sink.write(new float[9], 0, 9)).withMessage("broken pipe");
        AudioSource source = NATIVE.source(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        });
        assertThatIOException()
                .isThrownBy(() -> source.read(new float[9], 0, 9))
                .withMessage("reset");
    }

    @Test
    void refusesFloatsThatAreNoNumbers() {
        RawPcm format = new RawPcm(24_000, 1, PcmEncoding.FLOAT_32);
        byte[] nan = Chunks.little(4).putFloat(Float.NaN).array();
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Chunks.readAll(format.source(new ByteArrayInputStream(nan))))
                .withMessageContainingAll("raw PCM", "NaN", "FLOAT_32", "encoding");
    }

    @Test
    void refusesWhatIsNoFormat() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RawPcm(0, 1, PcmEncoding.SIGNED_16).source(InputStream.nullInputStream()))
                .withMessageContaining("0 Hz");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RawPcm(24_000, 0, PcmEncoding.SIGNED_16).sink(OutputStream.nullOutputStream()))
                .withMessageContaining("0 channels");
        assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> new RawPcm(24_000, 1, null));
    }
}
