package io.github.moshivis.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * The expected hash of a file. The hub's ETag is that hash: SHA-256 of the bytes for large files (git LFS), git's SHA-1 of a blob for small
 * ones. It is also the name of the file in the cache's {@code blobs}.
 *
 * @param hex 64 or 40 hexadecimal digits, in lower case
 */
record ContentHash(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}|[0-9a-f]{40}");

    private static final int BUFFER_BYTES = 1 << 20;

    /** The hash that an ETag is, if it is one; quotes and the mark of a weak ETag are taken off. */
    static Optional<ContentHash> ofEtag(String etag) {
        String bare = etag.startsWith("W/") ? etag.substring(2) : etag;
        String hex = bare.replace("\"", "");
        return FORM.matcher(hex).matches() ? Optional.of(new ContentHash(hex)) : Optional.empty();
    }

    /** Returns whether this is the SHA-256 of a large file rather than git's SHA-1 of a small one. */
    boolean isLarge() {
        return hex.length() == 64;
    }

    String algorithm() {
        return isLarge() ? "SHA-256" : "git SHA-1";
    }

    /** A digest that has taken in what comes before the bytes: nothing, or git's header. */
    MessageDigest begin(long size) {
        try {
            MessageDigest digest = MessageDigest.getInstance(isLarge() ? "SHA-256" : "SHA-1");
            if (!isLarge()) {
                digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime has no SHA-256 or SHA-1, which every one must have", e);
        }
    }

    /** The digest's value in the form of {@link #hex}. */
    static String end(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Hashes a file as this hash was made, for comparison with {@link #hex}.
     *
     * @param file what to hash
     * @param listener hears how many bytes have been hashed
     */
    String of(Path file, LongConsumer listener) throws IOException {
        MessageDigest digest = begin(Files.size(file));
        byte[] buffer = new byte[BUFFER_BYTES];
        long hashed = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                hashed += n;
                listener.accept(hashed);
            }
        }
        return end(digest);
    }
}
