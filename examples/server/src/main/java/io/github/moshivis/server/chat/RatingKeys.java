package io.github.moshivis.server.chat;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Keys of the latest connections, with which callers rate a conversation after it is closed. A key is sent only to its caller, cannot be
 * guessed, and is valid for one rating. Thread-safe.
 */
final class RatingKeys {
    /** Number of kept keys; a day on a busy server. */
    private static final int MAX_KEYS = 10_000;

    private static final int KEY_BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    // Guarded by this.
    private final Map<String, Long> numbers = new LinkedHashMap<>();

    /** Creates the key of a connection. */
    String create(long number) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        synchronized (this) {
            numbers.put(key, number);
            if (numbers.size() > MAX_KEYS) {
                numbers.remove(numbers.keySet().iterator().next());
            }
        }
        return key;
    }

    /** Uses a key: returns the number of its connection, or nothing if the key is unknown or used. */
    synchronized OptionalLong use(String key) {
        Long number = numbers.remove(key);
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }
}
