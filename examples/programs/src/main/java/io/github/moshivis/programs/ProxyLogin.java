package io.github.moshivis.programs;

import java.util.Map;

/**
 * Java's HTTP client does not send a password to a proxy for https connections, unless a property is set. A library must not set it; a
 * program may, where the user has put a password into {@code HTTPS_PROXY} or {@code ALL_PROXY}.
 */
public final class ProxyLogin {
    private static final String PROPERTY = "jdk.http.auth.tunneling.disabledSchemes";

    private ProxyLogin() {}

    /**
     * Allows it, unless the user set the property. Call this before the first request.
     *
     * @param environment variables
     */
    public static void allow(Map<String, String> environment) {
        boolean asked = environment.entrySet().stream()
                .anyMatch(variable -> variable.getKey().matches("(?i)(https|all)_proxy")
                        && variable.getValue().contains("@"));
        if (asked && System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, "");
        }
    }
}
