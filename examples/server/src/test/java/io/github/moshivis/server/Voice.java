package io.github.moshivis.server;

import io.github.moshivis.Golden;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Recorded voices in 16-bit frames of 80 ms; the rest that is no whole frame is dropped. */
public final class Voice {
    private Voice() {}

    /** The golden user's voice. */
    public static List<byte[]> frames() throws IOException {
        return frames(Golden.path("e2e/input.wav"));
    }

    static List<byte[]> frames(Path wav) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        try (AudioSource source = WavFile.source(wav)) {
            source.open();
            float[] frame = new float[AudioSource.FRAME_SAMPLES];
            while (fill(source, frame)) {
                ByteBuffer bytes = ByteBuffer.allocate(TestCaller.FRAME_BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (float sample : frame) {
                    bytes.putShort((short) (sample * 0x1p15f));
                }
                frames.add(bytes.array());
            }
        }
        return frames;
    }

    private static boolean fill(AudioSource source, float[] frame) throws IOException {
        for (int filled = 0; filled < frame.length; ) {
            int count = source.read(frame, filled, frame.length - filled);
            if (count < 0) {
                return false;
            }
            filled += count;
        }
        return true;
    }
}
