package io.github.moshivis.filetype;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/** Types of files that are often given in the place of another, told apart by their first bytes. */
public enum FileType {
    /** A length, then JSON: first, as the length may look like anything else's first bytes. */
    SAFETENSORS(Family.MODEL, "a model file (safetensors)", null, FileType::isSafetensors),
    /** Text in the place of a large file, in a clone without Git LFS. */
    GIT_LFS(
            Family.STAND_IN,
            "a Git LFS pointer",
            "Fetch the file itself (git lfs pull)",
            file -> hasAscii(file, 0, "version https://git-lfs.github.com/spec/")),
    /** A page, often of a server that asks for a login or says that there is nothing. */
    HTML(
            Family.STAND_IN,
            "a web page (HTML)",
            "Download the %s itself, not the page that shows it",
            file -> startsWith(file, "<!doctype") || startsWith(file, "<html")),
    /** Text in braces, often a server's error message. */
    JSON(
            Family.STAND_IN,
            "JSON text, perhaps a server's error message",
            "Look into the file, and download the %s again",
            file -> startsWith(file, "{")),
    /** Another error message, or a drawing. */
    SVG(Family.PICTURE, "an SVG drawing", null, file -> startsWith(file, "<svg") || startsWith(file, "<?xml")),
    /** Portable network graphics. */
    PNG(Family.PICTURE, "a PNG picture", null, file -> hasAscii(file, 0, "\u0089PNG\r\n\u001a\n")),
    /** JPEG. */
    JPEG(Family.PICTURE, "a JPEG picture", null, file -> hasAscii(file, 0, "\u00ff\u00d8\u00ff")),
    /** WebP. */
    WEBP(Family.PICTURE, "a WebP picture", null, file -> hasAscii(file, 0, "RIFF") && hasAscii(file, 8, "WEBP")),
    /** GIF. */
    GIF(Family.PICTURE, "a GIF picture", null, file -> hasAscii(file, 0, "GIF87a") || hasAscii(file, 0, "GIF89a")),
    /** HEIF with HEVC, as telephones write it. */
    HEIC(
            Family.PICTURE,
            "a HEIC picture",
            null,
            file -> hasBrand(file, "heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1")),
    /** HEIF with AV1. */
    AVIF(Family.PICTURE, "an AVIF picture", null, file -> hasBrand(file, "avif", "avis")),
    /** JPEG XL. */
    JPEG_XL(
            Family.PICTURE,
            "a JPEG XL picture",
            null,
            file -> hasAscii(file, 0, "\u00ff\n") || hasAscii(file, 4, "JXL ")),
    /** JPEG 2000. */
    JPEG_2000(
            Family.PICTURE,
            "a JPEG 2000 picture",
            null,
            file -> hasAscii(file, 4, "jP  ") || hasAscii(file, 0, "\u00ffO\u00ffQ")),
    /** TIFF. */
    TIFF(Family.PICTURE, "a TIFF picture", null, file -> hasAscii(file, 0, "II*\0") || hasAscii(file, 0, "MM\0*")),
    /** PDF. */
    PDF(Family.PICTURE, "a PDF document", null, file -> hasAscii(file, 0, "%PDF-")),
    /** RIFF with sound. */
    WAV(Family.SOUND, "a WAV file", null, file -> hasAscii(file, 0, "RIFF") && hasAscii(file, 8, "WAVE")),
    /** Ogg, with Opus or another codec. */
    OGG(Family.SOUND, "an Ogg file", null, file -> hasAscii(file, 0, "OggS")),
    /** MP3 with a tag. */
    MP3(Family.SOUND, "an MP3 file", null, file -> hasAscii(file, 0, "ID3")),
    /** FLAC. */
    FLAC(Family.SOUND, "a FLAC file", null, file -> hasAscii(file, 0, "fLaC")),
    /** GGUF. */
    GGUF(Family.MODEL, "a model file (GGUF)", null, file -> hasAscii(file, 0, "GGUF")),
    /** ZIP, the container of PyTorch's files and of NumPy's. */
    ZIP(
            Family.ARCHIVE,
            "a ZIP archive, such as PyTorch's .pt, .bin and .ckpt files",
            "Unpack it, or convert PyTorch's file to safetensors",
            file -> hasAscii(file, 0, "PK\u0003\u0004")),
    /** GZIP. */
    GZIP(Family.ARCHIVE, "a gzip archive", "Unpack it", file -> hasAscii(file, 0, "\u001f\u008b"));

    private enum Family {
        STAND_IN,
        PICTURE,
        SOUND,
        MODEL,
        ARCHIVE
    }

    /** Enough to tell all types, with white space before the texts. */
    private static final int LOOKED_AT = 256;

    private final Family family;
    private final String description;
    private final String remedy;
    private final Predicate<byte[]> test;

    FileType(Family family, String description, String remedy, Predicate<byte[]> test) {
        this.family = family;
        this.description = description;
        this.remedy = remedy;
        this.test = test;
    }

    /**
     * Type of a file's bytes.
     *
     * @param bytes the whole file, or its beginning
     * @return the type, or empty if it is none of these
     */
    public static Optional<FileType> of(byte[] bytes) {
        return Arrays.stream(values()).filter(type -> type.test.test(bytes)).findFirst();
    }

    /**
     * Type of a file.
     *
     * @param file any path
     * @return the type; empty if it is none of these, or cannot be read
     */
    public static Optional<FileType> of(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(LOOKED_AT));
        } catch (IOException e) {
            return Optional.empty(); // the code that opens it reports the reason
        }
    }

    /**
     * Name of the type, for messages.
     *
     * @return with its article
     */
    public String description() {
        return description;
    }

    /**
     * Next step of a person who gave such a file.
     *
     * @param wanted a noun for what was expected, such as {@code model}
     * @return a sentence without its period; empty if it depends on what was expected
     */
    public Optional<String> remedy(String wanted) {
        return Optional.ofNullable(remedy).map(text -> text.replace("%s", wanted));
    }

    /**
     * Tells whether it is text that stands in the place of the file that was meant.
     *
     * @return true for Git LFS pointers, pages and error messages
     */
    public boolean isStandIn() {
        return family == Family.STAND_IN;
    }

    /**
     * Tells whether it shows something.
     *
     * @return true for pictures, drawings and documents
     */
    public boolean isPicture() {
        return family == Family.PICTURE;
    }

    /**
     * Tells whether it is heard.
     *
     * @return true for sound
     */
    public boolean isSound() {
        return family == Family.SOUND;
    }

    /**
     * Tells whether it holds tensors.
     *
     * @return true for safetensors and GGUF
     */
    public boolean isModel() {
        return family == Family.MODEL;
    }

    /** Tells whether a header of at most 256 MiB begins with a brace after its length. */
    private static boolean isSafetensors(byte[] bytes) {
        return bytes.length > Long.BYTES
                && bytes[Long.BYTES] == '{'
                && (bytes[3] & 0xF0 | bytes[4] | bytes[5] | bytes[6] | bytes[7]) == 0;
    }

    /** Tells whether the characters, one byte each, stand at this place. */
    private static boolean hasAscii(byte[] bytes, int offset, String characters) {
        byte[] wanted = characters.getBytes(StandardCharsets.ISO_8859_1);
        return offset + wanted.length <= bytes.length
                && Arrays.equals(bytes, offset, offset + wanted.length, wanted, 0, wanted.length);
    }

    /** Tells whether an ISO base media file (ISO/IEC 14496-12) names one of these as its major brand. */
    private static boolean hasBrand(byte[] file, String... brands) {
        return hasAscii(file, 4, "ftyp") && Arrays.stream(brands).anyMatch(brand -> hasAscii(file, 8, brand));
    }

    /** Tells whether a text begins so, after white space and a byte order mark, in any case. */
    private static boolean startsWith(byte[] file, String text) {
        int at = hasAscii(file, 0, "\u00ef\u00bb\u00bf") ? 3 : 0;
        while (at < file.length && file[at] <= ' ' && file[at] >= 0) {
            at++;
        }
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= file.length || Character.toLowerCase(file[at + i]) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
