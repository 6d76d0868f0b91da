package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.TargetDataLine;

/**
 * A microphone of this machine, by {@code javax.sound.sampled}: any device with 16 bits, mono or stereo, at 8 to 192 kHz; other rates are
 * resampled. It is live, and does nothing until a conversation opens it.
 *
 * <p><b>Use headphones.</b> Java's microphone has no echo cancellation: a model that hears its own voice answers it. Or use an
 * {@link EchoCanceller}.
 *
 * <p>{@link #open()} throws a {@link MediaException} if there is no such device or it is in use, and {@link #read} one when the device
 * is unplugged, or gives nothing for two seconds. One microphone is for one conversation; make a new one for the next.
 */
public final class Microphone implements AudioSource {
    private static final String NAME = "microphone";

    private final Supplier<TargetDataLine> device;
    private AudioSource sound;
    private volatile TargetDataLine line;
    private volatile boolean closed;

    private Microphone(Supplier<TargetDataLine> device) {
        this.device = device;
    }

    /**
     * Returns the default microphone of the system, or of the system property {@code javax.sound.sampled.TargetDataLine}.
     *
     * @return a live source
     */
    public static Microphone standard() {
        return new Microphone(SoundLines.MICROPHONES::openStandard);
    }

    /**
     * Returns a microphone by name.
     *
     * @param name one of {@link #names()}, or a unique part of one, in any case
     * @return a live source
     */
    public static Microphone named(String name) {
        Objects.requireNonNull(name, "name");
        return new Microphone(() -> SoundLines.MICROPHONES.open(name));
    }

    /**
     * Returns the names of the current microphones.
     *
     * @return their names, each once
     */
    public static List<String> names() {
        return SoundLines.MICROPHONES.names();
    }

    @Override
    public void open() {
        OneUse.checkNew(closed || line != null, NAME, "one");
        line = device.get();
        AudioFormat format = line.getFormat();
        sound = Resampled.from((int) format.getSampleRate(), format.getChannels(), new Recorded());
        if (closed) {
            line.close(); // closed by another thread meanwhile
        }
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        if (closed) {
            return -1;
        }
        OneUse.checkReadable(sound != null, NAME);
        try {
            return sound.read(buffer, offset, length);
        } catch (IOException | MediaException e) {
            if (closed) {
                return -1; // closed by another thread during the read
            }
            throw e;
        }
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public void close() {
        closed = true;
        if (line != null) {
            line.close();
        }
    }

    /** Recorded samples, interleaved, at the rate of the line. */
    private final class Recorded implements AudioSource {
        private final ByteBuffer block = ByteBuffer.allocate(line.getBufferSize());

        @Override
        public int read(float[] buffer, int offset, int length) throws IOException {
            DeviceWatch watch = new DeviceWatch(NAME, line);
            int wanted = Math.min(PcmEncoding.SIGNED_16.bytesPerSample() * length, block.capacity());
            while (!closed) {
                int bytes = Math.min(wanted, line.available());
                bytes -= bytes % line.getFormat().getFrameSize();
                int samples =
                        bytes > 0 ? line.read(block.array(), 0, bytes) / PcmEncoding.SIGNED_16.bytesPerSample() : 0;
                if (samples > 0) {
                    PcmEncoding.SIGNED_16.decode(block.clear(), buffer, offset, samples);
                    return samples;
                }
                watch.pause();
            }
            return -1;
        }

        @Override
        public void close() {}
    }
}
