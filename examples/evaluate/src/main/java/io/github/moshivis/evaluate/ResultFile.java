package io.github.moshivis.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers of an evaluation on disk, one JSON object per line. Only complete lines count; an incomplete line of a killed program is removed
 * when the file is opened again. A file can be opened only once at a time, in all processes. Used by one thread.
 */
final class ResultFile implements AutoCloseable {
    private static final String NAME = "results.jsonl";

    private final Path file;
    private final FileChannel channel;
    private final Map<String, CaseResult> results = new LinkedHashMap<>();

    private ResultFile(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        lock();
        byte[] bytes = Channels.newInputStream(channel).readAllBytes(); // closed with the channel that holds the lock
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        channel.truncate(end).position(end);
        List<String> lines =
                new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            CaseResult result = read(lines.get(i), i + 1);
            results.put(result.id(), result);
        }
    }

    /**
     * Opens the file of a folder; creates both if necessary.
     *
     * @throws IllegalStateException if it is open already
     * @throws IllegalArgumentException if it holds something else
     */
    static ResultFile open(Path folder) {
        Path file = folder.resolve(NAME);
        FileChannel channel = null;
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new ResultFile(file, channel);
        } catch (IOException | RuntimeException e) {
            close(channel, e);
            throw e instanceof RuntimeException known
                    ? known
                    : new UncheckedIOException(
                            "The results " + file.toAbsolutePath() + " cannot be opened", (IOException) e);
        }
    }

    private static void close(FileChannel channel, Exception failure) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void lock() throws IOException {
        boolean ours;
        try {
            ours = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            ours = false;
        }
        if (!ours) {
            throw new IllegalStateException(
                    "Cannot write results to " + file.toAbsolutePath()
                            + ": found another evaluation that does, expected none. Wait for its end, or choose another folder");
        }
    }

    private CaseResult read(String json, int line) throws IOException {
        try {
            return CaseResult.ofJson(json);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot go on with " + file.toAbsolutePath() + ": line " + line
                            + ": found something else than a result ("
                            + e.getMessage().lines().findFirst().orElse("")
                            + "), expected what an evaluation wrote. Choose another folder",
                    e);
        }
    }

    /** Returns the answers by the id of their question. */
    Map<String, CaseResult> results() {
        return Collections.unmodifiableMap(results);
    }

    /** Adds an answer, which is on the disk when this returns. */
    void add(CaseResult result) {
        ByteBuffer line = StandardCharsets.UTF_8.encode(result.toJson() + "\n");
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("A result cannot be written to " + file.toAbsolutePath(), e);
        }
        results.put(result.id(), result);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The results " + file.toAbsolutePath() + " cannot be completed", e);
        }
    }
}
