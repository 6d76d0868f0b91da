package io.github.moshivis.server;

import io.github.moshivis.client.Message;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Callers on several threads whose networks fail: they vanish before, in and after the upgrade, a picture, a frame and a talk, with a reset,
 * with an end or without a word. Meanwhile the server's clock leaps, and its disk for recordings is full and empty in turn.
 */
final class VanishingCallers {
    private static final String QUERY = "audio_format=pcm&image_resolution=70";
    private static final int THREADS = 4;
    private static final Duration FARTHEST = Duration.ofHours(2);

    private final TestServer server;
    private final Path recordings;
    private final AtomicLong ahead;
    private final AtomicLong done = new AtomicLong();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /**
     * Creates callers.
     *
     * @param recordings where the server records
     * @param ahead how much the server's clock is ahead, in nanoseconds
     */
    VanishingCallers(TestServer server, Path recordings, AtomicLong ahead) {
        this.server = server;
        this.recordings = recordings;
        this.ahead = ahead;
    }

    /** Lets each thread call so many times; returns what went wrong on this side. */
    List<Throwable> run(long seed, int calls) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(THREADS * seed + i);
            threads.add(new Thread(() -> call(random, calls), "caller-" + i));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(failures);
    }

    /** Number of calls so far. */
    long done() {
        return done.get();
    }

    private void call(Random random, int calls) {
        for (int i = 0; i < calls; i++) {
            try {
                call(random);
            } catch (IOException | CompletionException e) {
                // the server hung up first, as its disk was full or its clock leapt
            } catch (Throwable e) {
                failures.add(e);
            }
            done.incrementAndGet();
        }
    }

    private void call(Random random) throws IOException, InterruptedException {
        switch (random.nextInt(10)) {
            case 0 -> vanishInUpgrade(random);
            case 1 -> vanishInTelephoneCall(random);
            case 2 -> vanishInRealtime(random);
            case 3 -> ahead.addAndGet(random.nextLong(FARTHEST.toNanos()));
            case 4 -> makeRoom();
            default -> vanishInTalk(random);
        }
    }

    private void vanishInUpgrade(Random random) throws IOException {
        try (Socket socket = new Socket("localhost", server.server().port())) {
            byte[] request = ("GET /api/chat?" + QUERY + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(request, 0, random.nextInt(request.length));
            if (random.nextBoolean()) {
                socket.setSoLinger(true, 0); // a reset
            }
        }
    }

    private void vanishInTelephoneCall(Random random) throws IOException, InterruptedException {
        try (Socket socket =
                new Socket("localhost", server.server().audioSocketPort().orElseThrow())) {
            byte[] frame = ByteBuffer.allocate(323)
                    .put((byte) 0x10)
                    .putShort((short) 320)
                    .array();
            for (int i = random.nextInt(20); i > 0; i--) {
                socket.getOutputStream().write(frame);
            }
            socket.getOutputStream().write(frame, 0, random.nextInt(frame.length));
            Thread.sleep(random.nextInt(30));
            if (random.nextBoolean()) {
                socket.setSoLinger(true, 0);
            }
        }
    }

    private void vanishInRealtime(Random random) throws InterruptedException {
        try (JsonCaller caller = new JsonCaller(server, "/v1/realtime", Map.of())) {
            caller.send("{'type':'response.create'}");
            for (int i = random.nextInt(5); i > 0; i--) {
                caller.send("{'type':'input_audio_buffer.append','audio':'" + "AAAA".repeat(960) + "'}");
            }
            Thread.sleep(random.nextInt(30));
        }
    }

    private void vanishInTalk(Random random) throws IOException, InterruptedException {
        try (RawCaller caller = new RawCaller(server.server().port(), QUERY)) {
            byte[] picture = new Message.Image(TestServer.picture()).encode();
            if (random.nextInt(4) == 0) {
                caller.send(RawCaller.header(RawCaller.BINARY, picture.length));
                caller.send(Arrays.copyOf(picture, random.nextInt(picture.length)));
            } else {
                caller.message(picture);
                byte[] silence = new Message.Audio(new byte[TestCaller.FRAME_BYTES]).encode();
                for (int i = random.nextInt(40); i > 0; i--) {
                    caller.message(silence);
                }
                Thread.sleep(random.nextInt(60));
                caller.send(RawCaller.header(RawCaller.BINARY, silence.length));
                caller.send(Arrays.copyOf(silence, random.nextInt(silence.length)));
            }
            if (random.nextBoolean()) {
                caller.reset();
            }
        }
    }

    private void makeRoom() throws IOException {
        try (Stream<Path> files = Files.list(recordings)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
