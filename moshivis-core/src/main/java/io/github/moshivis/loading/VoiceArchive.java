package io.github.moshivis.loading;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.filetype.FileType;
import io.github.moshivis.filetype.ModelFileType;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The stored voices of an archive {@code voices.tgz} (POSIX tar, gzip), as files of a temporary directory that is deleted when the program
 * ends. Only regular files that end in {@code .pt} are taken, by the last part of their names: no entry can name a place elsewhere, and
 * links and devices are passed over.
 */
final class VoiceArchive {
    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_BYTES = 12;
    private static final int TYPE_AT = 156;

    /** Many times the released archive: 18 voices of half a megabyte. */
    private static final long MAX_BYTES = 256L << 20;

    /** Many times a released voice. */
    private static final long MAX_ENTRY_BYTES = 16L << 20;

    private static final Map<Path, Path> UNPACKED = new HashMap<>();

    private VoiceArchive() {}

    /**
     * Unpacks an archive, unless this program did before.
     *
     * @throws CheckpointException if it is damaged or larger than any archive of voices
     */
    static Path unpacked(Path archive) {
        synchronized (UNPACKED) {
            return UNPACKED.computeIfAbsent(archive.toAbsolutePath(), VoiceArchive::unpack);
        }
    }

    private static Path unpack(Path archive) {
        Optional<FileType> type = FileType.of(archive).filter(found -> found != FileType.GZIP);
        if (type.isPresent()) {
            throw ModelFileType.refusal(archive, type.get(), "a tar archive of voices, packed with gzip");
        }
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
            Path directory = Files.createTempDirectory("moshivis-voices-");
            directory.toFile().deleteOnExit();
            long total = 0;
            byte[] header = in.readNBytes(BLOCK);
            while (header.length == BLOCK && header[0] != 0) {
                long size = size(header);
                total += BLOCK + size;
                if (total > MAX_BYTES) {
                    throw new IOException("more than " + MAX_BYTES + " bytes");
                }
                String name = text(header, 0, NAME_BYTES);
                String last = name.substring(name.lastIndexOf('/') + 1);
                boolean regular = header[TYPE_AT] == '0' || header[TYPE_AT] == 0;
                if (regular && last.matches("[A-Za-z0-9_-]+\\.pt")) {
                    Path file = Files.write(directory.resolve(last), voice(in, size));
                    file.toFile().deleteOnExit();
                } else {
                    in.skipNBytes(size);
                }
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
                header = in.readNBytes(BLOCK);
            }
            return directory;
        } catch (IOException | NumberFormatException e) {
            throw new CheckpointException(
                    "Cannot unpack the voices " + archive + ": found "
                            + (e instanceof EOFException ? "the end of the archive within an entry" : e.getMessage())
                            + ", expected a tar archive packed with gzip, and room in the temporary directory"
                            + " (java.io.tmpdir); fetch it again",
                    e);
        }
    }

    private static byte[] voice(InputStream in, long size) throws IOException {
        if (size > MAX_ENTRY_BYTES) {
            throw new IOException("a voice of " + size + " bytes");
        }
        byte[] content = in.readNBytes((int) size);
        if (content.length < size) {
            throw new IOException("the archive ends within an entry");
        }
        return content;
    }

    private static long size(byte[] header) throws IOException {
        long size = Long.parseLong(text(header, SIZE_AT, SIZE_BYTES).strip(), 8);
        if (size < 0 || size > MAX_BYTES) {
            throw new IOException("an entry of " + size + " bytes");
        }
        return size;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.US_ASCII);
    }
}
