package io.github.moshivis.audio;

import io.github.moshivis.audio.opus.OpusErrors;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Opus in Ogg, pulled from a stream of bytes; see {@link OggOpus#source}. */
final class OggOpusSource implements AudioSource {
    /** Bytes to read at a time, so few that their audio is within the decoder's limit per call. */
    private static final int BLOCK = 1 << 10;

    private final String name;
    /** Null for a stream. */
    private final Path file;

    /** As in {@link OggOpusDecoder}. */
    private final int channel;

    private final boolean live;
    private final Supplier<InputStream> opener;
    private final byte[] block = new byte[BLOCK];
    private volatile InputStream input;
    private volatile OggOpusDecoder decoder;
    private volatile boolean closed;
    private boolean ended;
    private float[] sound = new float[0];
    private int given;
    private long samples;

    OggOpusSource(String name, Path file, int channel, boolean live, Supplier<InputStream> opener) {
        this.name = name;
        this.file = file;
        this.channel = channel;
        this.live = live;
        this.opener = opener;
    }

    @Override
    public void open() throws IOException {
        OneUse.checkNew(closed || input != null, subject(), "source");
        input = opener.get();
        decoder = new OggOpusDecoder(name, channel, !live);
        while (!live && !ended && !decoder.hasHeader()) {
            fill(); // fails early on a stream that is not Ogg with Opus
        }
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        OneUse.checkReadable(closed || decoder != null, subject());
        try {
            while (given == sound.length && !ended && !closed) {
                fill();
            }
        } catch (IOException | IllegalStateException e) {
            if (!closed) {
                throw e;
            } // else closed by another thread during the read
        }
        if (closed || given == sound.length) {
            return -1;
        }
        int count = Math.min(length, sound.length - given);
        System.arraycopy(sound, given, buffer, offset, count);
        given += count;
        return count;
    }

    /** Returns the number of channels by the header; after {@link #open()}. */
    int channels() {
        return decoder.channels();
    }

    private String subject() {
        return "Opus sound of " + name;
    }

    private void fill() throws IOException {
        int count = input.read(block);
        given = 0;
        if (count >= 0) {
            sound = decoder.decode(block, 0, count);
            samples += sound.length;
            return;
        }
        ended = true;
        if (!decoder.hasHeader()) {
            throw decoder.withoutHeader();
        }
        sound = decoder.end();
        samples += sound.length;
        if (samples == 0 && !live) {
            throw OpusErrors.bad(
                    name,
                    "headers and no sound",
                    "a packet of sound at least",
                    "check the recording, or record it again");
        }
    }

    @Override
    public boolean isLive() {
        return live;
    }

    @Override
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        InputStream opened = input;
        OggOpusDecoder made = decoder;
        try {
            if (opened != null) {
                opened.close();
            }
        } finally {
            if (made != null) {
                made.close();
            }
        }
    }

    @Override
    public String toString() {
        return "OggOpus.source[" + name + "]";
    }
}
