package io.github.moshivis.hub;

import io.github.moshivis.errors.HubException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A hub's access token. Its value leaves this class in one header only. */
final class AccessToken {
    /** Characters of a token that an HTTP header may carry: printable ASCII without spaces. */
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");

    private static final int MAX_FILE_BYTES = 1 << 16;

    private final String value;

    private AccessToken(String value) {
        this.value = value;
    }

    /**
     * Wraps a token, without the white space that copying leaves around it.
     *
     * @throws IllegalArgumentException if it cannot be a token; the message does not repeat it
     */
    static AccessToken of(String text) {
        String value = text.strip();
        if (!PRINTABLE.matcher(value).matches()) {
            throw new IllegalArgumentException("Cannot use the given access token: found " + value.length()
                    + " characters, some of them not printable ASCII or none at all; expected a token as the hub shows it,"
                    + " such as hf_... (create one in the hub's settings)");
        }
        return new AccessToken(value);
    }

    /** Returns the token of the environment: {@code HF_TOKEN}, then the token file. */
    static Optional<AccessToken> find(Map<String, String> environment, Path tokenFile) {
        for (String variable : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
            String value = environment.getOrDefault(variable, "");
            if (!value.isBlank()) {
                return Optional.of(of(value));
            }
        }
        try {
            String value = read(tokenFile);
            return value.isBlank() ? Optional.empty() : Optional.of(of(value));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new HubException(
                    "Cannot read the access token's file " + tokenFile.toAbsolutePath()
                            + ": found " + e
                            + ", expected a readable file with one token; correct its permissions, or set HF_TOKEN"
                            + " or HF_TOKEN_PATH",
                    e);
        }
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new IOException("more than " + MAX_FILE_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    String authorization() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "AccessToken[hidden]";
    }
}
