package io.github.moshivis.filetype;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/** Types of files that are often given in the place of another, told apart by their first bytes. */
public enum FileType {
    /** A length, then JSON: first, as the length may look like anything else's first bytes. */
    SAFETENSORS(Family.MODEL, "a model file (safetensors)", null, FirstBytes::isSafetensors),
    /** Text in the place of a large file, in a clone without Git LFS; before 2015 it was called Hawser. */
    GIT_LFS(
            Family.STAND_IN,
            "a Git LFS pointer",
            "Fetch the file itself (git lfs pull)",
            file -> file.begins("version https://git-lfs.github.com/spec/", "version https://hawser.github.com/spec/")),
    /** A drawing in XML. */
    SVG(
            Family.PICTURE,
            "an SVG drawing",
            null,
            file -> file.begins("<svg", "<!doctype svg") || file.begins("<?xml", "<!--") && file.contains("<svg")),
    /** A page, often of a server that asks for a login or says that there is nothing. */
    HTML(
            Family.STAND_IN,
            "a web page (HTML)",
            "Download the %s itself, not the page that shows it",
            file -> file.begins("<!doctype html", "<html", "<head", "<body", "<title", "<meta", "<script", "<center")
                    || file.begins("<?xml", "<!--", "<!doctype") && file.contains("<html")),
    /** Other XML, often a storage server's error message. */
    XML(
            Family.STAND_IN,
            "XML text, perhaps a server's error message",
            Remedies.LOOK,
            file -> file.begins("<?xml", "<error", "<!--", "<!doctype")),
    /** Text in braces or brackets, often a server's error message. */
    JSON(Family.STAND_IN, "JSON text, perhaps a server's error message", Remedies.LOOK, file -> file.begins("{", "[")),
    /** Portable network graphics. */
    PNG(Family.PICTURE, "a PNG picture", null, file -> file.has(0, "\u0089PNG\r\n\u001a\n")),
    /** JPEG. */
    JPEG(Family.PICTURE, "a JPEG picture", null, file -> file.has(0, "\u00ff\u00d8\u00ff")),
    /** WebP. */
    WEBP(Family.PICTURE, "a WebP picture", null, file -> file.has(0, "RIFF") && file.has(8, "WEBP")),
    /** GIF. */
    GIF(Family.PICTURE, "a GIF picture", null, file -> file.has(0, "GIF87a") || file.has(0, "GIF89a")),
    /** HEIF with AV1. */
    AVIF(Family.PICTURE, "an AVIF picture", null, file -> file.hasBrand("avif", "avis")),
    /** HEIF with HEVC, as telephones write it. */
    HEIC(
            Family.PICTURE,
            "a HEIC picture",
            null,
            file -> file.hasBrand("heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1")),
    /** JPEG XL. */
    JPEG_XL(Family.PICTURE, "a JPEG XL picture", null, file -> file.has(0, "\u00ff\n") || file.has(4, "JXL ")),
    /** JPEG 2000. */
    JPEG_2000(
            Family.PICTURE, "a JPEG 2000 picture", null, file -> file.has(4, "jP  ") || file.has(0, "\u00ffO\u00ffQ")),
    /** TIFF, also with 64-bit offsets, as the raw files of many cameras. */
    TIFF(
            Family.PICTURE,
            "a TIFF picture",
            null,
            file -> file.has(0, "II*\0") || file.has(0, "MM\0*") || file.has(0, "II+\0") || file.has(0, "MM\0+")),
    /** Raw files of cameras that are no TIFF: Canon, Fujifilm, Olympus, Panasonic. */
    RAW(
            Family.PICTURE,
            "a camera's raw picture",
            null,
            file -> file.hasBrand("crx ")
                    || file.has(0, "FUJIFILMCCD-RAW")
                    || file.has(0, "IIRO")
                    || file.has(0, "IIRS")
                    || file.has(0, "MMOR")
                    || file.has(0, "IIU\0")),
    /** JPEG XR. */
    JPEG_XR(Family.PICTURE, "a JPEG XR picture", null, file -> file.has(0, "II\u00bc")),
    /** Photoshop. */
    PSD(Family.PICTURE, "a Photoshop picture", null, file -> file.has(0, "8BPS")),
    /** Windows icons and cursors. */
    ICO(Family.PICTURE, "an icon (ICO)", null, file -> file.has(0, "\0\0\1\0") || file.has(0, "\0\0\2\0")),
    /** Portable pixmaps. */
    PNM(
            Family.PICTURE,
            "a PNM picture",
            null,
            file -> file.has(0, "P4\n") || file.has(0, "P5\n") || file.has(0, "P6\n") || file.has(0, "P7\n")),
    /** PDF. */
    PDF(Family.PICTURE, "a PDF document", null, file -> file.has(0, "%PDF-")),
    /** RIFF with sound. */
    WAV(Family.SOUND, "a WAV file", null, file -> file.has(0, "RIFF") && file.has(8, "WAVE")),
    /** RIFF with 64-bit sizes. */
    WAV_64(
            Family.SOUND,
            "a WAV file with 64-bit sizes",
            null,
            file -> (file.has(0, "RF64") || file.has(0, "BW64")) && file.has(8, "WAVE")),
    /** Sony Wave64: the first GUID of its own kind. */
    WAVE64(Family.SOUND, "a Sony Wave64 file", null, file -> file.has(0, "riff\u002e\u0091\u00cf\u0011")),
    /** RIFF with video. */
    AVI(Family.SOUND, "an AVI video", null, file -> file.has(0, "RIFF") && file.has(8, "AVI ")),
    /** Ogg, with Opus or another codec. */
    OGG(Family.SOUND, "an Ogg file", null, file -> file.has(0, "OggS")),
    /** MP3 with a tag, or from its first frame. */
    MP3(
            Family.SOUND,
            "an MP3 file",
            null,
            file -> file.has(0, "ID3")
                    || file.has(0, "\u00ff\u00fb")
                    || file.has(0, "\u00ff\u00fa")
                    || file.has(0, "\u00ff\u00f3")
                    || file.has(0, "\u00ff\u00f2")
                    || file.has(0, "\u00ff\u00e3")
                    || file.has(0, "\u00ff\u00e2")),
    /** AAC in ADTS. */
    AAC(Family.SOUND, "an AAC file", null, file -> file.has(0, "\u00ff\u00f1") || file.has(0, "\u00ff\u00f9")),
    /** FLAC. */
    FLAC(Family.SOUND, "a FLAC file", null, file -> file.has(0, "fLaC")),
    /** AIFF, also with compression. */
    AIFF(
            Family.SOUND,
            "an AIFF file",
            null,
            file -> file.has(0, "FORM") && (file.has(8, "AIFF") || file.has(8, "AIFC"))),
    /** Core Audio Format. */
    CAF(Family.SOUND, "a CAF file", null, file -> file.has(0, "caff")),
    /** Sun's and NeXT's sound. */
    AU(Family.SOUND, "an AU file", null, file -> file.has(0, ".snd")),
    /** Adaptive multi-rate speech. */
    AMR(Family.SOUND, "an AMR file", null, file -> file.has(0, "#!AMR")),
    /** Windows Media. */
    ASF(
            Family.SOUND,
            "a Windows Media file",
            null,
            file -> file.has(0, "\u0030\u0026\u00b2\u0075\u008e\u0066\u00cf\u0011")),
    /** Matroska and WebM. */
    MATROSKA(Family.SOUND, "a Matroska or WebM file", null, file -> file.has(0, "\u001aE\u00df\u00a3")),
    /** Other ISO base media: MP4, M4A, MOV, 3GP. */
    MP4(Family.SOUND, "an MP4 file", null, FirstBytes::isBaseMedia),
    /** GGUF. */
    GGUF(Family.MODEL, "a model file (GGUF)", null, file -> file.has(0, "GGUF")),
    /** ZIP, the container of PyTorch's files and of NumPy's. */
    ZIP(
            Family.ARCHIVE,
            "a ZIP archive, such as PyTorch's .pt, .bin and .ckpt files",
            "Unpack it, or convert PyTorch's file to safetensors",
            file -> file.has(0, "PK\u0003\u0004") || file.has(0, "PK\u0005\u0006")),
    /** A pickle of protocol 2 to 5. */
    PICKLE(
            Family.ARCHIVE,
            "a Python pickle, such as PyTorch's older files",
            Remedies.TO_SAFETENSORS,
            file -> file.has(0, "\u0080\u0002")
                    || file.has(0, "\u0080\u0003")
                    || file.has(0, "\u0080\u0004")
                    || file.has(0, "\u0080\u0005")),
    /** NumPy's arrays. */
    NPY(Family.ARCHIVE, "a NumPy array", Remedies.TO_SAFETENSORS, file -> file.has(0, "\u0093NUMPY")),
    /** HDF5. */
    HDF5(Family.ARCHIVE, "an HDF5 file", Remedies.TO_SAFETENSORS, file -> file.has(0, "\u0089HDF\r\n\u001a\n")),
    /** GZIP. */
    GZIP(Family.ARCHIVE, "a gzip archive", Remedies.UNPACK, file -> file.has(0, "\u001f\u008b")),
    /** BZIP2. */
    BZIP2(Family.ARCHIVE, "a bzip2 archive", Remedies.UNPACK, file -> file.has(0, "BZh") && file.has(4, "1AY&SY")),
    /** XZ. */
    XZ(Family.ARCHIVE, "an xz archive", Remedies.UNPACK, file -> file.has(0, "\u00fd7zXZ\0")),
    /** Zstandard. */
    ZSTD(Family.ARCHIVE, "a Zstandard archive", Remedies.UNPACK, file -> file.has(0, "\u0028\u00b5\u002f\u00fd")),
    /** 7z. */
    SEVEN_Z(Family.ARCHIVE, "a 7z archive", Remedies.UNPACK, file -> file.has(0, "7z\u00bc\u00af\u0027\u001c")),
    /** RAR. */
    RAR(Family.ARCHIVE, "a RAR archive", Remedies.UNPACK, file -> file.has(0, "Rar!\u001a\u0007")),
    /** TAR. */
    TAR(Family.ARCHIVE, "a tar archive", Remedies.UNPACK, file -> file.has(257, "ustar")),
    /** Any other text: last, as many types begin with letters. */
    TEXT(Family.STAND_IN, "text, perhaps a server's error message", Remedies.LOOK, FirstBytes::isText);

    private enum Family {
        STAND_IN,
        PICTURE,
        SOUND,
        MODEL,
        ARCHIVE
    }

    /** Next steps that several types share. */
    private static final class Remedies {
        static final String LOOK = "Look into the file, and download the %s again";
        static final String UNPACK = "Unpack it";
        static final String TO_SAFETENSORS = "Convert it to safetensors";
    }

    private final Family family;
    private final String description;
    private final String remedy;
    private final Predicate<FirstBytes> test;

    FileType(Family family, String description, String remedy, Predicate<FirstBytes> test) {
        this.family = family;
        this.description = description;
        this.remedy = remedy;
        this.test = test;
    }

    /** Number of bytes of a file's beginning that {@link #of(byte[])} looks at. */
    public static final int LOOKED_AT = FirstBytes.LENGTH;

    /**
     * Type of a file's bytes.
     *
     * @param bytes the whole file, or its beginning
     * @return the type, or empty if it is none of these
     */
    public static Optional<FileType> of(byte[] bytes) {
        FirstBytes beginning = new FirstBytes(bytes);
        return Arrays.stream(values()).filter(type -> type.test.test(beginning)).findFirst();
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
            return of(in.readNBytes(FirstBytes.LENGTH));
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
}
