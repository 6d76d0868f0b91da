package io.github.moshivis.server.chat;

import io.github.moshivis.client.Message;
import io.github.moshivis.client.VoiceFormat;
import io.github.moshivis.io.AudioSink;
import java.util.Arrays;

/** Sends the model's voice to a caller. Never blocks: the outbox disconnects a caller that does not read. */
final class CallerSink implements AudioSink {
    private final VoiceFormat format;
    private final Outbox outbox;
    private VoiceFormat.Encoder encoder;

    CallerSink(VoiceFormat format, Outbox outbox) {
        this.format = format;
        this.outbox = outbox;
    }

    @Override
    public synchronized void open() {
        encoder = format.encoder();
    }

    @Override
    public synchronized void write(float[] samples, int offset, int length) {
        if (encoder == null) {
            return;
        }
        byte[] bytes = encoder.encode(Arrays.copyOfRange(samples, offset, offset + length));
        if (bytes.length > 0) {
            outbox.send(new Message.Audio(bytes));
        }
    }

    @Override
    public synchronized void close() {
        if (encoder != null) {
            encoder.close();
            encoder = null;
        }
    }
}
