package io.github.moshivis.filetype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are given in the place of others, by their first bytes. */
class FileTypeTest {
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;
    private static final String REST = "\0\1\2\3".repeat(8);

    static Stream<Arguments> texts() {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 1\n";
        return Stream.of(
                arguments(pointer, FileType.GIT_LFS),
                arguments(pointer.replace("\n", "\r\n"), FileType.GIT_LFS),
                arguments("\n" + pointer, FileType.GIT_LFS),
                arguments(pointer.replace("git-lfs", "hawser"), FileType.GIT_LFS),
                arguments("<!DOCTYPE html>\n<html>", FileType.HTML),
                arguments(" \n\t".repeat(100) + "<!doctype HTML>", FileType.HTML),
                arguments("<!-- built at 12:00 --><html><body>", FileType.HTML),
                arguments("<head><title>301 Moved Permanently</title></head>", FileType.HTML),
                arguments("<center><h1>502 Bad Gateway</h1></center>", FileType.HTML),
                arguments(
                        "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\">\n<html>",
                        FileType.HTML),
                arguments("<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>", FileType.XML),
                arguments("<Error><Code>NoSuchKey</Code></Error>", FileType.XML),
                arguments("<?xml version=\"1.0\"?>\n<!-- Inkscape -->\n<svg>", FileType.SVG),
                arguments("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", FileType.SVG),
                arguments("{\"detail\": \"Not Found\"}", FileType.JSON),
                arguments("[{\"error\": \"x\"}]", FileType.JSON),
                arguments("Entry not found", FileType.TEXT),
                arguments("Invalid username or password.\n", FileType.TEXT),
                arguments("\"Nicht verf\u00fcgbar\"", FileType.TEXT),
                arguments("\u00e4".repeat(1000), FileType.TEXT));
    }

    /** As UTF-8 with and without a byte order mark, and as Windows writes UTF-16. */
    @ParameterizedTest
    @MethodSource("texts")
    void aTextIsToldInEachEncoding(String text, FileType type) {
        for (String marked : List.of(text, "\uFEFF" + text)) {
            assertThat(FileType.of(marked.getBytes(StandardCharsets.UTF_8))).contains(type);
        }
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(FileType.of(("\uFEFF" + text).getBytes(charset))).contains(type);
        }
    }

    static Stream<Arguments> files() {
        return Stream.of(
                arguments("\0\0\0\u0020ftypmif1\0\0\0\0mif1avifmiaf", FileType.AVIF),
                arguments("\0\0\0\u0020ftypavif\0\0\0\0avifmif1miaf", FileType.AVIF),
                arguments("\0\0\0\u0024ftypmif1\0\0\0\0mif1heic", FileType.HEIC),
                arguments("\0\0\0\u0020ftypisom\0\0\2\0isomiso2avc1mp41", FileType.MP4),
                arguments("\0\0\0\u0018ftypM4A \0\0\0\0M4A ", FileType.MP4),
                arguments("II+\0", FileType.TIFF),
                arguments("8BPS\0\1", FileType.PSD),
                arguments("\0\0\0\u0018ftypcrx \0\0\0\1crx isom", FileType.RAW),
                arguments("FUJIFILMCCD-RAW 0201", FileType.RAW),
                arguments("IIU\0\u0018\0\0\0", FileType.RAW),
                arguments("II\u00bc\1", FileType.JPEG_XR),
                arguments("\0\0\1\0\1\0", FileType.ICO),
                arguments("P6\n2 2\n255\n", FileType.PNM),
                arguments("RF64\u00ff\u00ff\u00ff\u00ffWAVEds64", FileType.WAV_64),
                arguments("riff.\u0091\u00cf\u0011", FileType.WAVE64),
                arguments("RIFF\0\0\0\0AVI LIST", FileType.AVI),
                arguments("\u00ff\u00fb\u0090\u0064", FileType.MP3),
                arguments("\u00ff\u00e3\u0018\u00c4", FileType.MP3),
                arguments("\u00ff\u00f1\u0050\u0080", FileType.AAC),
                arguments("FORM\0\0\0\u0040AIFCFVER", FileType.AIFF),
                arguments("caff\0\1", FileType.CAF),
                arguments(".snd\0\0\0\u0018", FileType.AU),
                arguments("\u001aE\u00df\u00a3", FileType.MATROSKA),
                arguments("\u0080\u0002}q\0.", FileType.PICKLE),
                arguments("\u0093NUMPY\1\0", FileType.NPY),
                arguments("\u0089HDF\r\n\u001a\n", FileType.HDF5),
                arguments("PK\5\6" + "\0".repeat(18), FileType.ZIP),
                arguments("BZh91AY&SY", FileType.BZIP2),
                arguments("(\u00b5/\u00fd", FileType.ZSTD),
                arguments("voices/" + "\0".repeat(250) + "ustar\00000", FileType.TAR));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileIsToldByItsFirstBytes(String beginning, FileType type) {
        assertThat(FileType.of((beginning + REST).getBytes(BYTES))).contains(type);
    }

    @ParameterizedTest
    @CsvSource({"R", "'\n\u000e\n\u0005<unk>\u0015'", "'\0\0\0\0'", "Entry", "''"})
    void whatIsNoneOfThemHasNoType(String bytes) {
        assertThat(FileType.of(bytes.getBytes(BYTES))).isEmpty();
    }

    @Test
    void aRemedyNamesWhatWasWanted() {
        assertThat(FileType.XML.remedy("picture")).contains("Look into the file, and download the picture again");
        assertThat(FileType.TIFF.remedy("picture")).isEmpty();
    }
}
