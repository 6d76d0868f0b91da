package io.github.moshivis.cli;

import io.github.moshivis.audio.Speaker;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Writes to a file and also plays on the speaker, if there is one. */
final class AudibleSink implements AudioSink {
    private final AudioSink file;
    private final Speaker speaker;
    private volatile boolean audible;

    /** Creates the sink. It owns both sinks. */
    AudibleSink(AudioSink file, Speaker speaker) {
        this.file = file;
        this.speaker = speaker;
    }

    @Override
    public void open() throws IOException {
        file.open();
        try {
            speaker.open();
            audible = true;
        } catch (MediaException e) {
            audible = false; // no speaker, or busy: only write the file
        }
    }

    /** Returns whether audio is played; valid once the sink is open. */
    boolean isAudible() {
        return audible;
    }

    @Override
    public void write(float[] samples, int offset, int length) throws IOException {
        file.write(samples, offset, length);
        if (audible) {
            speaker.write(samples, offset, length);
        }
    }

    @Override
    public Optional<Path> file() {
        return file.file();
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            speaker.close();
        }
    }
}
