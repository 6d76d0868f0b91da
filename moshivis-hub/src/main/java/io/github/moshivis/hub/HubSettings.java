package io.github.moshivis.hub;

import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Address of the hub, cache and token. Immutable; setters return copies.
 *
 * <p>The environment is read as {@code huggingface_hub} reads it: {@code HF_ENDPOINT}; {@code HF_HUB_CACHE}, {@code HF_HOME},
 * {@code XDG_CACHE_HOME}; {@code HF_TOKEN}, {@code HF_TOKEN_PATH}; {@code HF_HUB_OFFLINE}; {@code HF_HUB_DISABLE_SYMLINKS};
 * {@code HTTPS_PROXY}, {@code http_proxy}, {@code ALL_PROXY} and {@code NO_PROXY}.
 */
public final class HubSettings {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";

    /** Values that {@code huggingface_hub} accepts as true. */
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)\\}|(\\w+))");

    private final URI endpoint;
    private final Path cacheDirectory;
    private final Optional<AccessToken> token;
    private final boolean offline;
    private final boolean links;
    private final TransferSettings transfer;
    private final ProxySelector proxies;

    private HubSettings(
            URI endpoint,
            Path cacheDirectory,
            Optional<AccessToken> token,
            boolean offline,
            boolean links,
            TransferSettings transfer,
            ProxySelector proxies) {
        this.endpoint = endpoint;
        this.cacheDirectory = cacheDirectory;
        this.token = token;
        this.offline = offline;
        this.links = links;
        this.transfer = transfer;
        this.proxies = proxies;
    }

    /**
     * Returns the settings of this process's environment.
     *
     * @return the settings
     * @throws IllegalArgumentException if a variable's value cannot be used
     */
    public static HubSettings fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    /**
     * Returns the settings of an environment.
     *
     * @param environment names and values as {@link System#getenv()} gives them; nothing else is consulted but the system
     *     property {@code user.home}, where there is no {@code HOME}
     * @return the settings
     * @throws IllegalArgumentException if a variable's value cannot be used
     * @throws io.github.moshivis.errors.HubException if there is a token file that cannot be read
     */
    public static HubSettings fromEnvironment(Map<String, String> environment) {
        Objects.requireNonNull(environment, "environment");
        Variables variables = new Variables(environment);
        Path caches = variables.path("XDG_CACHE_HOME").orElseGet(() -> Path.of(variables.userHome(), ".cache"));
        Path home = variables.path("HF_HOME").orElseGet(() -> caches.resolve("huggingface"));
        Path cache = variables
                .path("HF_HUB_CACHE")
                .or(() -> variables.path("HUGGINGFACE_HUB_CACHE"))
                .orElseGet(() -> home.resolve("hub"));
        Path tokenFile = variables.path("HF_TOKEN_PATH").orElseGet(() -> home.resolve("token"));
        return new HubSettings(
                endpoint(variables.text("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT)),
                cache.toAbsolutePath().normalize(),
                AccessToken.find(environment, tokenFile),
                variables.isTrue("HF_HUB_OFFLINE"),
                !variables.isTrue("HF_HUB_DISABLE_SYMLINKS"),
                TransferSettings.STANDARD,
                new ProxyVariables(environment));
    }

    /**
     * Sets the token.
     *
     * @param newToken an access token
     * @return a copy
     * @throws IllegalArgumentException if it cannot be a token
     */
    public HubSettings token(String newToken) {
        Objects.requireNonNull(newToken, "token");
        return new HubSettings(
                endpoint, cacheDirectory, Optional.of(AccessToken.of(newToken)), offline, links, transfer, proxies);
    }

    /**
     * Sets the cache.
     *
     * @param directory directory of the cache, which need not exist
     * @return a copy
     */
    public HubSettings cacheDirectory(Path directory) {
        Objects.requireNonNull(directory, "cacheDirectory");
        return new HubSettings(
                endpoint, directory.toAbsolutePath().normalize(), token, offline, links, transfer, proxies);
    }

    /**
     * Sets whether to work offline.
     *
     * @param newOffline true to use the cache only
     * @return a copy
     */
    public HubSettings offline(boolean newOffline) {
        return new HubSettings(endpoint, cacheDirectory, token, newOffline, links, transfer, proxies);
    }

    HubSettings transfer(TransferSettings newTransfer) {
        return new HubSettings(endpoint, cacheDirectory, token, offline, links, newTransfer, proxies);
    }

    /**
     * Returns the address of the hub.
     *
     * @return its address, without a slash at the end
     */
    public URI endpoint() {
        return endpoint;
    }

    /**
     * Returns the cache directory.
     *
     * @return an absolute path, which need not exist yet
     */
    public Path cacheDirectory() {
        return cacheDirectory;
    }

    /**
     * Returns whether only the cache is used.
     *
     * @return true if no socket is ever opened
     */
    public boolean offline() {
        return offline;
    }

    Optional<AccessToken> token() {
        return token;
    }

    /** Returns whether snapshots may be made of symbolic links. */
    boolean links() {
        return links;
    }

    TransferSettings transfer() {
        return transfer;
    }

    ProxySelector proxies() {
        return proxies;
    }

    /** Endpoint, cache and mode; of the token only whether there is one. */
    @Override
    public String toString() {
        return "HubSettings[endpoint=" + endpoint + ", cache=" + cacheDirectory + ", offline=" + offline + ", token="
                + (token.isPresent() ? "given" : "none") + "]";
    }

    /** The value is not repeated in the message: people put passwords into addresses. */
    private static URI endpoint(String text) {
        try {
            URI uri = new URI(text.strip().replaceAll("/+$", ""));
            String scheme = uri.getScheme();
            if (("https".equals(scheme) || "http".equals(scheme))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null) {
                return uri;
            }
            throw new URISyntaxException("HF_ENDPOINT", "not a server's address");
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "Cannot use HF_ENDPOINT: found a value that is not the plain address of a server; expected one such as "
                            + DEFAULT_ENDPOINT + ", without user name or password; correct or unset it");
        }
    }

    /** Variables as Python's {@code expanduser} and {@code expandvars} leave them; an empty one counts as unset. */
    private record Variables(Map<String, String> environment) {
        Optional<String> text(String name) {
            return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
        }

        boolean isTrue(String name) {
            return text(name)
                    .map(value -> TRUE.contains(value.strip().toUpperCase(Locale.ROOT)))
                    .orElse(false);
        }

        Optional<Path> path(String name) {
            return text(name).map(value -> Path.of(expand(value)));
        }

        String userHome() {
            return text("HOME").orElseGet(() -> System.getProperty("user.home"));
        }

        private String expand(String value) {
            boolean ofHome = value.equals("~") || value.startsWith("~/");
            String withHome = ofHome ? userHome() + value.substring(1) : value;
            return VARIABLE.matcher(withHome)
                    .replaceAll(found -> Matcher.quoteReplacement(environment.getOrDefault(
                            found.group(1) != null ? found.group(1) : found.group(2), found.group())));
        }
    }
}
