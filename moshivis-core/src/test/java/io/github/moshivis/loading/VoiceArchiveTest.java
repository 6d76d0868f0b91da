package io.github.moshivis.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive of voices that somebody else made: nothing of it gets anywhere but into one directory. */
class VoiceArchiveTest {
    private static final int BLOCK = 512;
    private static final byte[] VOICE = "a voice".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    /** A tar entry: name, kind and content. */
    private record Entry(String name, char kind, byte[] content) {
        void write(OutputStream out, long size) throws IOException {
            byte[] header = new byte[BLOCK];
            put(header, 0, name);
            put(header, 124, String.format("%011o", size));
            header[156] = (byte) kind;
            out.write(header);
            out.write(content);
            out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        }

        private static void put(byte[] header, int at, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(bytes, 0, header, at, bytes.length);
        }
    }

    private static Entry voice(String name) {
        return new Entry(name, '0', VOICE);
    }

    private Path archive(byte[] tar) throws IOException {
        Path file = Files.createTempFile(directory, "voices", ".tgz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(tar);
        }
        return file;
    }

    private Path archive(Entry... entries) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            entry.write(tar, entry.content.length);
        }
        tar.write(new byte[2 * BLOCK]);
        return archive(tar.toByteArray());
    }

    private static List<String> names(Path unpacked) throws IOException {
        try (Stream<Path> files = Files.list(unpacked)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void voicesAreTakenByTheLastPartOfTheirNamesAndNothingElseIs() throws IOException {
        Path unpacked = VoiceArchive.unpacked(archive(
                new Entry("voices/", '5', new byte[0]),
                voice("voices/NATF0.pt"),
                voice("../../NATF1.pt"),
                voice("/etc/NATF2.pt"),
                voice("voices/.pt"),
                voice("voices/..\\NATF3.pt"),
                voice("voices/README.md"),
                new Entry("voices/LINK.pt", '2', new byte[0]),
                new Entry("voices/PIPE.pt", '6', new byte[0])));

        assertThat(names(unpacked)).containsExactly("NATF0.pt", "NATF1.pt", "NATF2.pt");
        assertThat(unpacked.resolve("NATF0.pt")).hasBinaryContent(VOICE);
    }

    @Test
    void anArchiveIsUnpackedOnce() throws IOException {
        Path archive = archive(voice("voices/NATF0.pt"));
        assertThat(VoiceArchive.unpacked(archive)).isEqualTo(VoiceArchive.unpacked(archive));
    }

    @Test
    void whatIsNoArchiveOrTooLargeIsRefused() throws IOException {
        Path plain = Files.write(directory.resolve("plain.tgz"), VOICE);
        refuses(plain, plain.toString(), "tar archive packed with gzip");

        ByteArrayOutputStream cut = new ByteArrayOutputStream();
        voice("voices/NATF0.pt").write(cut, 4000);
        refuses(archive(cut.toByteArray()), "ends within an entry");

        for (long size : new long[] {(256L << 20) + 1, 0x1ffffffffL}) {
            ByteArrayOutputStream huge = new ByteArrayOutputStream();
            voice("voices/NATF0.pt").write(huge, size);
            refuses(archive(huge.toByteArray()), "an entry of " + size + " bytes");
        }
    }

    @Test
    void aBombIsNotUnpackedIntoMemory() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        new Entry("voices/NATF0.pt", '0', new byte[17 << 20]).write(bomb, 17 << 20);
        refuses(archive(bomb.toByteArray()), "a voice of 17825792 bytes");
    }

    @Test
    void aStandInIsNamedWithItsRemedy() throws IOException {
        Path pointer = Files.writeString(
                directory.resolve("pointer.tgz"),
                "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
        assertThatThrownBy(() -> VoiceArchive.unpacked(pointer))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("pointer.tgz", "a Git LFS pointer", "git lfs pull");
        Path page = Files.writeString(directory.resolve("page.tgz"), "<!DOCTYPE html><html></html>");
        assertThatThrownBy(() -> VoiceArchive.unpacked(page)).hasMessageContainingAll("page.tgz", "a web page");
    }

    private static void refuses(Path archive, String... words) {
        assertThatThrownBy(() -> VoiceArchive.unpacked(archive))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining("Cannot unpack the voices");
    }
}
