package io.github.moshivis.server.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium whose microphone is a WAV file. Used by one thread; nothing is ever downloaded for it. */
final class Browser implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration SCRIPT_TIMEOUT = Duration.ofSeconds(60);

    /** What has to have a name for a screen reader. */
    private static final Set<String> NAMED_ROLES = Set.of(
            "button",
            "checkbox",
            "dialog",
            "image",
            "link",
            "meter",
            "radio",
            "region",
            "slider",
            "spinbutton",
            "textbox",
            "DisclosureTriangle");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** A browser that hears a file in its microphone again and again; skips the test where there is no browser. */
    static Browser withMicrophone(Path wav) {
        return start("--use-file-for-fake-audio-capture=" + wav.toAbsolutePath());
    }

    /** A browser that hears beeps in its microphone; skips the test where there is no browser. */
    static Browser plain() {
        return start();
    }

    private static Browser start(String... more) {
        Optional<File> chromium = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<File> chromedriver = onPath("chromedriver");
        assumeTrue(
                chromium.isPresent() && chromedriver.isPresent(),
                "No Chromium with its chromedriver on the PATH: install the packages chromium and chromium-driver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // containers run as root, and often without user namespaces
                "--window-size=1280,800",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream");
        options.addArguments(more);
        LoggingPreferences everything = new LoggingPreferences();
        everything.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, everything);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.get())
                .usingAnyFreePort()
                .withSilent(true)
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().scriptTimeout(SCRIPT_TIMEOUT);
        return new Browser(driver);
    }

    private static Optional<File> onPath(String... names) {
        List<String> folders = Arrays.asList(System.getenv("PATH").split(File.pathSeparator));
        return Stream.of(names)
                .flatMap(name -> folders.stream().map(folder -> new File(folder, name)))
                .filter(File::canExecute)
                .findFirst();
    }

    void open(String url) {
        driver.get(url);
    }

    /** As {@link #open}, in a browser that lacks something: a script runs before those of the page. */
    void openWithout(String url, String script) {
        Object id = driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
                .get("identifier");
        driver.get(url);
        driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", id));
    }

    /** Leaves nothing of what was shown before: no page, no messages, no media settings. */
    void forget() {
        driver.get("about:blank");
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        consoleMessages();
    }

    void click(String selector) {
        find(selector).click();
    }

    void type(String selector, CharSequence... keys) {
        find(selector).sendKeys(keys);
    }

    /** Presses a key where the focus is. */
    void press(Keys key) {
        new Actions(driver).sendKeys(key).perform();
    }

    String text(String selector) {
        return find(selector).getText();
    }

    private WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    /** The value of an expression of JavaScript. */
    Object evaluate(String expression, Object... arguments) {
        return driver.executeScript("return " + expression, arguments);
    }

    /** What a promise becomes. The body of an async function is given; its arguments are in {@code args}. */
    Object evaluateAsync(String body, Object... arguments) {
        return driver.executeAsyncScript(
                "const args = [...arguments]; const done = args.pop();" + "(async () => {" + body
                        + "})().then(done, (error) => done('failed: ' + error));",
                arguments);
    }

    /** What a function of {@code audit.js} finds on the page that is shown, whoever serves it. */
    Object audit(String call, Object... arguments) {
        return evaluateAsync(pageTest("audit.js").replace("export ", "") + "return " + call + ";", arguments);
    }

    /** The text of a file of {@code page-tests}. */
    static String pageTest(String name) {
        try (InputStream file = Browser.class.getResourceAsStream("/page-tests/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until an expression of JavaScript holds. */
    void await(String expression) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!Boolean.TRUE.equals(evaluate(expression))) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Waited " + TIMEOUT.toSeconds() + " s for: " + expression
                        + "; the page shows: " + text("body"));
            }
            sleep(POLL);
        }
    }

    static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts a test", e);
        }
    }

    /** What the page wrote to the console, and what the browser complained about, since the last call. */
    List<String> consoleMessages() {
        List<String> messages = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            messages.add(entry.getLevel() + " " + entry.getMessage());
        }
        return messages;
    }

    /** Shows the page as on a screen of that size, in that theme. */
    void show(int width, int height, boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 800));
        prefer("prefers-color-scheme", dark ? "dark" : "light");
    }

    /** Tells the page that its reader wants nothing to move. */
    void reduceMotion() {
        prefer("prefers-reduced-motion", "reduce");
    }

    private void prefer(String feature, String value) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", feature, "value", value))));
    }

    /** What a screen reader would meet and could not name, by the browser's own computation. */
    List<String> namelessControls() {
        Object nodes = driver.executeCdpCommand("Accessibility.getFullAXTree", Map.of())
                .get("nodes");
        return ((List<?>) nodes)
                .stream()
                        .map(node -> (Map<?, ?>) node)
                        .filter(node -> NAMED_ROLES.contains(value(node, "role")))
                        .filter(node -> value(node, "name").isBlank())
                        .map(Object::toString)
                        .toList();
    }

    private static String value(Map<?, ?> node, String property) {
        return node.get(property) instanceof Map<?, ?> computed ? String.valueOf(computed.get("value")) : "";
    }

    /** Lets the page use the clipboard, as a person would who is asked. */
    void allowClipboard() {
        driver.executeCdpCommand(
                "Browser.grantPermissions",
                Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
    }

    /** Lets downloads go to a folder. */
    void downloadTo(Path folder) {
        driver.executeCdpCommand(
                "Browser.setDownloadBehavior",
                Map.of(
                        "behavior",
                        "allow",
                        "downloadPath",
                        folder.toAbsolutePath().toString()));
    }

    /** What is shown, as a PNG file. */
    byte[] picture() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    /** Keeps what is shown as {@code target/screenshots/NAME.png}. */
    void screenshot(String name) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), picture());
    }

    @Override
    public void close() {
        driver.quit();
    }
}
