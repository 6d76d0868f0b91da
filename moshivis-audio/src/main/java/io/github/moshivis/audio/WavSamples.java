package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Samples of a WAV file after its header: interleaved, at the file's rate. */
final class WavSamples implements AudioSource {
    private static final int BLOCK_BYTES = 1 << 15;

    private final String name;
    private final InputStream input;
    private final PcmEncoding encoding;
    private final boolean toEndOfFile;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    private long bytesLeft;
    private long samplesRead;

    WavSamples(String name, InputStream input, WavHeader header) {
        this.name = name;
        this.input = input;
        this.encoding = header.encoding();
        this.toEndOfFile = header.dataBytes() == WavHeader.TO_END_OF_FILE;
        this.bytesLeft = toEndOfFile ? Long.MAX_VALUE : header.dataBytes();
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        int sampleBytes = encoding.bytesPerSample();
        int wanted = (int) Math.min(Math.min((long) length * sampleBytes, BLOCK_BYTES), bytesLeft);
        int bytes = input.readNBytes(block.array(), 0, wanted - wanted % sampleBytes);
        int samples = bytes / sampleBytes;
        if (samples == 0) {
            checkEnd();
            return -1;
        }
        bytesLeft -= bytes;
        encoding.decode(block.clear(), buffer, offset, samples);
        if (encoding.isFloat()) {
            checkFinite(buffer, offset, samples);
        }
        samplesRead += samples;
        return samples;
    }

    private void checkEnd() {
        if (toEndOfFile && samplesRead == 0) {
            throw WavHeaderReader.empty(name);
        }
        if (!toEndOfFile && bytesLeft > 0) {
            throw WavHeaderReader.bad(
                    name,
                    "its end after " + samplesRead + " samples",
                    bytesLeft / encoding.bytesPerSample() + " more",
                    "the file was cut short while it was read: copy or record it again");
        }
    }

    private void checkFinite(float[] buffer, int offset, int samples) {
        for (int i = 0; i < samples; i++) {
            if (!Float.isFinite(buffer[offset + i])) {
                throw WavHeaderReader.bad(
                        name,
                        buffer[offset + i] + " as sample " + (samplesRead + i),
                        "finite numbers, nominally in [-1, 1]",
                        "check the program that made it");
            }
        }
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
