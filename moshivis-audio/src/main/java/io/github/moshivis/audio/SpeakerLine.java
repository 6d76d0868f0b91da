package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.sound.sampled.SourceDataLine;

/** Sink that plays interleaved samples at the rate of an open line. A write blocks until the device's buffer has room. */
final class SpeakerLine implements AudioSink {
    private final SourceDataLine line;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    SpeakerLine(SourceDataLine line) {
        this.line = line;
    }

    @Override
    public void write(float[] samples, int offset, int length) throws IOException {
        int wanted = length * PcmEncoding.SIGNED_16.bytesPerSample();
        bytes = bytes.capacity() < wanted ? ByteBuffer.allocate(wanted) : bytes.clear();
        PcmEncoding.SIGNED_16.encode(samples, offset, length, bytes);
        DeviceWatch watch = new DeviceWatch("speaker", line);
        for (int done = 0; done < wanted; ) {
            int room = Math.min(wanted - done, line.available());
            room -= room % line.getFormat().getFrameSize();
            int taken = room > 0 ? line.write(bytes.array(), done, room) : 0;
            if (taken > 0) {
                done += taken;
                watch.moved();
            } else {
                watch.pause();
            }
        }
    }

    /** Waits until the device has played its buffer, with a timeout, and releases it. */
    @Override
    public void close() throws IOException {
        try {
            double seconds = line.getBufferSize()
                    / (line.getFormat().getFrameRate() * line.getFormat().getFrameSize());
            long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
            while (line.isOpen() && line.available() < line.getBufferSize() && System.nanoTime() < end) {
                DeviceWatch.sleep("the speaker plays its last sound");
            }
        } finally {
            line.close();
        }
    }
}
