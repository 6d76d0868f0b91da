package io.github.moshivis.client;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * The server's side of a conversation: as the back ends of the reference play it, in bytes written by hand. As a model it is an echo,
 * which also says "hi" to each message of sound.
 */
public class FakePeer {
    private static final byte IMAGE = 8;
    private static final byte AUDIO = 1;

    private final List<byte[]> received = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
    private Session session;

    /** Waits for a picture, and drops who sends something else first; the handshake has no versions; colored text. */
    public static final class PyTorch extends FakePeer {
        @Override
        protected void heard(byte[] message) {
            if (received().size() == 1) {
                if (message[0] == IMAGE) {
                    send("00");
                } else {
                    vanish();
                }
            } else if (message[0] == AUDIO) {
                echo(message, "07066869");
            }
        }
    }

    /** Tells its settings at once, waits for a picture; the handshake has versions; colored text. */
    public static final class Rust extends FakePeer {
        @Override
        protected void opened() {
            send("047b22746578745f746f706b223a32357d"); // {"text_topk":25}
        }

        @Override
        protected void heard(byte[] message) {
            if (message[0] == IMAGE) {
                send("000000000000000000");
            } else if (message[0] == AUDIO) {
                echo(message, "07066869");
            }
        }
    }

    /** Without pictures: ready at once. */
    public static final class RustWithoutPictures extends FakePeer {
        @Override
        protected void opened() {
            send("047b7d");
            send("000000000000000000");
        }

        @Override
        protected void heard(byte[] message) {
            if (message[0] == AUDIO) {
                echo(message, "07066869");
            }
        }
    }

    /** Takes what comes first as a picture; the handshake has no versions; plain text. */
    public static final class Mlx extends FakePeer {
        @Override
        protected void heard(byte[] message) {
            if (received().size() == 1) {
                send("00");
            } else if (message[0] == AUDIO) {
                echo(message, "026869");
            }
        }
    }

    /** What the server does at once. */
    protected void opened() {}

    /**
     * What the server does with a message.
     *
     * @param message all its bytes
     */
    protected void heard(byte[] message) {}

    /** Sends sound back, and says something. */
    protected final void echo(byte[] message, String text) {
        send(message);
        send(text);
    }

    /** Sends a message, given in hex. */
    public final void send(String hex) {
        send(HexFormat.of().parseHex(hex));
    }

    /** Sends a message, and waits until it is gone. */
    final void send(byte[] message) {
        Callback.Completable done = new Callback.Completable();
        session.sendBinary(ByteBuffer.wrap(message), done);
        done.join();
    }

    /** Sends a part of a message. */
    final void sendPart(String hex, boolean last) {
        Callback.Completable done = new Callback.Completable();
        session.sendPartialBinary(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), last, done);
        done.join();
    }

    /** Closes in order. */
    public final void close(int code, String reason) {
        session.close(code, reason, Callback.NOOP);
    }

    /** Breaks the connection off. */
    final void vanish() {
        session.disconnect();
    }

    /** All messages so far. */
    public final List<byte[]> received() {
        return received;
    }

    /** With which code the conversation was closed. */
    final Integer closed() throws InterruptedException {
        return closes.poll(30, TimeUnit.SECONDS);
    }

    /** What Jetty calls, and wants to be public. */
    public static final class Endpoint implements Session.Listener.AutoDemanding {
        private final FakePeer peer;

        Endpoint(FakePeer peer) {
            this.peer = peer;
        }

        @Override
        public void onWebSocketOpen(Session session) {
            session.setMaxBinaryMessageSize(1 << 24);
            peer.session = session;
            peer.opened();
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            byte[] message = new byte[payload.remaining()];
            payload.get(message);
            peer.received.add(message);
            callback.succeed();
            peer.heard(message);
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            peer.closes.add(code);
            callback.succeed();
        }
    }
}
