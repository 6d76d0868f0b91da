package io.github.moshivis.vision;

import static io.github.moshivis.vision.PictureFormat.hasAscii;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/** Files that are often given in the place of a picture and cannot be decoded, told apart by their first bytes. */
enum ForeignFormat {
    HEIC("a HEIC picture", file -> hasBrand(file, "heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1")),
    AVIF("an AVIF picture", file -> hasBrand(file, "avif", "avis")),
    JPEG_XL("a JPEG XL picture", file -> hasAscii(file, 0, "\u00ff\n") || hasAscii(file, 4, "JXL ")),
    JPEG_2000("a JPEG 2000 picture", file -> hasAscii(file, 4, "jP  ") || hasAscii(file, 0, "\u00ffO\u00ffQ")),
    TIFF("a TIFF picture", file -> hasAscii(file, 0, "II*\0") || hasAscii(file, 0, "MM\0*")),
    PDF("a PDF document", file -> hasAscii(file, 0, "%PDF-")),
    SVG("an SVG drawing", file -> startsWith(file, "<svg") || startsWith(file, "<?xml")),
    GIT_LFS(
            "a Git LFS pointer",
            "Fetch the file itself (git lfs pull)",
            file -> hasAscii(file, 0, "version https://git-lfs.github.com/spec/")),
    HTML(
            "a web page (HTML)",
            "Download the picture itself, not the page that shows it",
            file -> startsWith(file, "<!doctype") || startsWith(file, "<html")),
    MODEL(
            "a model file (GGUF)",
            "Give the picture here and the model to MoshiVis.load",
            file -> hasAscii(file, 0, "GGUF")),
    JSON(
            "JSON text, perhaps a server's error message",
            "Look into the file, and download the picture again",
            file -> startsWith(file, "{"));

    private static final String CONVERT = "Convert it to JPEG or PNG";

    private final String description;
    private final String remedy;
    private final Predicate<byte[]> test;

    ForeignFormat(String description, Predicate<byte[]> test) {
        this(description, null, test);
    }

    ForeignFormat(String description, String remedy, Predicate<byte[]> test) {
        this.description = description;
        this.remedy = remedy;
        this.test = test;
    }

    /**
     * The format of a file.
     *
     * @param file the whole file, or its beginning
     * @return the format, or empty if it is none of these
     */
    static Optional<ForeignFormat> of(byte[] file) {
        return Arrays.stream(values()).filter(format -> format.test.test(file)).findFirst();
    }

    /** The format with its article, for messages. */
    String description() {
        return description;
    }

    /** The next step of whoever has such a file. */
    String remedy() {
        return remedy == null ? CONVERT : remedy;
    }

    /** Returns whether an ISO base media file (ISO/IEC 14496-12) names one of these as its major brand. */
    private static boolean hasBrand(byte[] file, String... brands) {
        return hasAscii(file, 4, "ftyp") && Arrays.stream(brands).anyMatch(brand -> hasAscii(file, 8, brand));
    }

    /** Returns whether a text begins so, after white space and a byte order mark, in any case. */
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
