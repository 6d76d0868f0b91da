package io.github.moshivis.server;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Forms in which options name hosts. Values of another form would never match a request, without a word. */
enum HostForm {
    /** Browsers send {@code null} for pages in files. */
    ORIGIN(
            "\\*|null|[a-z][a-z0-9+.-]*://" + Parts.HOST + Parts.PORT + "/?",
            "an origin such as https://example.org or https://example.org:8443, without a path; or * for all"),
    NAME(
            Parts.HOST + "|[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*(%[\\w.-]+)?",
            "a host name or an address such as example.org, without scheme, port and path"),
    HOST_AND_PORT(Parts.HOST + Parts.PORT, "a host such as example.org or example.org:8443, without scheme and path");

    private static final class Parts {
        static final String HOST = "([\\w.~-]+|\\[[0-9a-f:.]+])";
        static final String PORT = "(:\\d{1,5})?";
    }

    private final Pattern form;
    private final String expected;

    HostForm(String form, String expected) {
        this.form = Pattern.compile(form);
        this.expected = expected;
    }

    /** Checks an address to listen on, as {@link #check} does. */
    static String address(String option, String value) {
        return NAME.check(option, List.of(value)).iterator().next();
    }

    /**
     * Checks the values of an option.
     *
     * @return the values in lower case; names without the brackets of addresses, and without a last dot
     * @throws IllegalArgumentException if one is of another form
     */
    Set<String> check(String option, Collection<String> values) {
        return values.stream()
                .map(value -> {
                    String plain = value.toLowerCase(Locale.ROOT);
                    if (!form.matcher(plain).matches()) {
                        throw new IllegalArgumentException(
                                option + ": found \"" + value + "\", expected " + expected + ". Correct it");
                    }
                    return this == NAME ? plain.replaceAll("^\\[|[].]$", "") : plain;
                })
                .collect(Collectors.toUnmodifiableSet());
    }
}
