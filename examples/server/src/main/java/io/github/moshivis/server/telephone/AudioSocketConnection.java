package io.github.moshivis.server.telephone;

import io.github.moshivis.client.Message;
import io.github.moshivis.server.chat.CloseReason;
import io.github.moshivis.server.chat.Line;
import io.github.moshivis.server.log.Events;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One call by Asterisk's AudioSocket. */
final class AudioSocketConnection implements Line {
    private static final int UUID_BYTES = 16;

    private final AsynchronousSocketChannel channel;
    private final Consumer<AudioSocketConnection> ended;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final PhoneCall call;
    /** Received bytes of an incomplete frame. Used by the reading thread. */
    private final ByteBuffer received = ByteBuffer.allocate(2 * (AudioSocketFrame.HEADER + 0xffff));

    /** Audio kind of this call in both directions: that of the first frame; -1 before it. */
    private volatile int kind = -1;

    /** Used by the reading thread. */
    private boolean identified;

    AudioSocketConnection(
            TelephoneOptions options, AsynchronousSocketChannel channel, Consumer<AudioSocketConnection> ended) {
        this.channel = channel;
        this.ended = ended;
        this.call = new PhoneCall(options, this, sound -> List.of(new AudioSocketFrame(kind, sound).bytes()));
    }

    void begin() {
        call.caller().begin();
        receive();
    }

    private void receive() {
        channel.read(received, null, new CompletionHandler<Integer, Void>() {
            @Override
            public void completed(Integer count, Void nothing) {
                if (count < 0) {
                    disconnect();
                    return;
                }
                try {
                    readFrames();
                    if (!closed.get()) {
                        receive();
                    }
                } catch (RuntimeException | Error e) { // reading must not stop silently
                    Events.of("audiosocket-call-failed").log(Level.ERROR, e);
                    disconnect();
                }
            }

            @Override
            public void failed(Throwable failure, Void nothing) {
                disconnect();
            }
        });
    }

    private void readFrames() {
        received.flip();
        for (AudioSocketFrame frame = AudioSocketFrame.read(received);
                frame != null;
                frame = AudioSocketFrame.read(received)) {
            read(frame);
        }
        received.compact();
    }

    private void read(AudioSocketFrame frame) {
        if (frame.isSound()) {
            sound(frame);
            return;
        }
        switch (frame.kind()) {
            case AudioSocketFrame.HANG_UP -> disconnect();
            case AudioSocketFrame.UUID -> identify(frame.payload());
            case AudioSocketFrame.DTMF -> call.digit(new String(frame.payload(), StandardCharsets.US_ASCII));
            case AudioSocketFrame.ERROR -> {
                Events.of("audiosocket-error")
                        .with(
                                "code",
                                HexFormat.of()
                                        .formatHex(frame.payload(), 0, Math.min(UUID_BYTES, frame.payload().length)))
                        .log();
                disconnect();
            }
            default -> call.caller().malformed(List::of); // counted; there may be new kinds in the future
        }
    }

    private void identify(byte[] uuid) {
        if (uuid.length != UUID_BYTES || identified) {
            call.caller().malformed(List::of);
            return;
        }
        identified = true;
        Events.of("audiosocket-call")
                .with("uuid", HexFormat.of().formatHex(uuid))
                .log();
    }

    private void sound(AudioSocketFrame frame) {
        if (frame.payload().length % 2 != 0) {
            call.caller().leave(CloseReason.BAD_MEDIA, "A frame of sound has an odd number of bytes");
            return;
        }
        if (kind < 0) {
            kind = frame.kind();
            call.begin(frame.format());
        }
        if (frame.kind() == kind) {
            call.sound(frame.payload());
        } else {
            call.caller().malformed(List::of); // a call has one sample rate
        }
    }

    @Override
    public List<byte[]> encode(Message message) {
        return call.say(message);
    }

    @Override
    public List<byte[]> goodbye(CloseReason closeReason, String reason) {
        return List.of(new AudioSocketFrame(AudioSocketFrame.HANG_UP, new byte[0]).bytes());
    }

    @Override
    public void send(byte[] frame, Runnable sent) {
        write(ByteBuffer.wrap(frame), sent);
    }

    private void write(ByteBuffer bytes, Runnable sent) {
        channel.write(bytes, null, new CompletionHandler<Integer, Void>() {
            @Override
            public void completed(Integer count, Void nothing) {
                try {
                    if (bytes.hasRemaining()) {
                        write(bytes, sent);
                    } else {
                        sent.run();
                    }
                } catch (RuntimeException | Error e) { // nobody would write on
                    Events.of("audiosocket-call-failed").log(Level.ERROR, e);
                    disconnect();
                }
            }

            @Override
            public void failed(Throwable failure, Void nothing) {
                disconnect();
            }
        });
    }

    /** TCP has no ping; a dead peer is detected by the continuous writes. */
    @Override
    public void ping() {
        call.caller().alive();
    }

    @Override
    public void hangUp(CloseReason closeReason, String reason) {
        disconnect();
    }

    @Override
    public void disconnect() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            Events.of("audiosocket-close-failed").with("reason", e).log();
        }
        call.end();
        ended.accept(this);
    }
}
