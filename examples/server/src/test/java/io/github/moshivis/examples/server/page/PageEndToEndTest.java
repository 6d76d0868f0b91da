package io.github.moshivis.examples.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.examples.client.Message;
import io.github.moshivis.examples.server.TestServer;
import io.github.moshivis.examples.server.chat.ChatOptions.ImageMode;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** A person's talk in a browser with the real server and its bundled model, from the first click to the last. */
class PageEndToEndTest {
    private static final int SAMPLE_RATE = 24_000;
    private static final int MOST_TABS = 60;
    private static final String PAGE_IS_READY = "!(document.getElementById('picture')?.hidden ?? true)";
    private static final String WORDS = "document.getElementById('words').textContent.length";
    private static final String METER = "Number(document.getElementById('meter-model').ariaValueNow)";

    private static TestServer server;
    private static Browser browser;

    @BeforeAll
    static void startServer() throws IOException {
        browser = Browser.withMicrophone(Golden.path("e2e/input.wav"));
        server = new TestServer();
        server.image = ImageMode.OPTIONAL;
        server.imageWait = Duration.ofSeconds(2);
        server.start();
    }

    @AfterAll
    static void stopServer() {
        if (browser != null) {
            browser.close();
            server.close();
        }
    }

    @BeforeEach
    void openPage() {
        browser.show(1280, 800, false);
        open(server);
    }

    @AfterEach
    void nothingWasWrittenToTheConsole() {
        List<String> messages = browser.consoleMessages();
        browser.open("about:blank"); // ends the talk, if one goes on
        assertThat(messages).isEmpty();
    }

    @Test
    void talksAboutAPictureAndHearsTheAnswer() throws IOException {
        browser.click("[data-index='3']");
        browser.click("#start");
        browser.await("document.body.dataset.state === 'talking'");
        hearAndRead();
        assertThat(browser.evaluate("document.querySelectorAll('.words .gate').length"))
                .isEqualTo(browser.evaluate("document.querySelectorAll('.words span').length"));
        browser.click("summary");
        assertThat(browser.text("[data-value=latency]")).matches("\\d+ ms");
        assertThat(browser.text("[data-value=buffer]")).matches("\\d+ ms to \\d+ ms");
        assertThat(browser.text("[data-value=model]")).isEqualTo("toy");
        browser.screenshot("desktop-light");
        browser.show(1280, 800, true);
        browser.screenshot("desktop-dark");
        browser.show(390, 844, false);
        browser.screenshot("phone-light");
        browser.show(390, 844, true);
        browser.screenshot("phone-dark");
    }

    @Test
    void talksWithoutOpusWhereTheBrowserHasNone() {
        browser.openWithout(address(server), "delete window.AudioEncoder");
        browser.await(PAGE_IS_READY);
        startTalking();
        hearAndRead();
    }

    @Test
    void talksWithoutAPictureWhereTheServerAllowsIt() {
        browser.click("#no-picture");
        startTalking();
        hearAndRead();
    }

    @Test
    void changesThePictureInMidTalk() {
        startTalking();
        browser.click("[data-index='4']");
        browser.await("document.querySelectorAll('.words figure').length === 2");
        browser.await("[...document.querySelectorAll('.words figure')].pop().nextElementSibling !== null");
        assertThat(browser.evaluate("document.body.dataset.state")).isEqualTo("talking");
        assertThat(browser.evaluate("document.getElementById('notice').hidden")).isEqualTo(true);
    }

    @Test
    void takesAnUploadedPictureAndRefusesWhatIsNone(@TempDir Path folder) throws IOException {
        browser.type("#upload", TestServer.PICTURE.toAbsolutePath().toString());
        browser.await("document.getElementById('caption').textContent === 'Your picture'");
        Path notes = Files.writeString(folder.resolve("notes.txt"), "no picture");
        browser.type("#upload", notes.toString());
        browser.await("!document.getElementById('notice').hidden");
        assertThat(browser.text("#notice-text")).contains("“notes.txt”", "JPEG");
        assertThat(browser.text("#caption")).isEqualTo("Your picture");
    }

    @Test
    void takesAPictureThatIsPastedOrDropped() {
        for (String way : List.of("paste", "drop")) {
            browser.evaluateAsync(
                    """
                    const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 });
                    const blob = await new Promise((done) => canvas.toBlob(done));
                    const data = new DataTransfer();
                    data.items.add(new File([blob], 'a.png', { type: 'image/png' }));
                    document.body.dispatchEvent(args[0] === 'paste'
                      ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true })
                      : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
                    """,
                    way);
            browser.await("document.getElementById('caption').textContent.startsWith('The picture you " + way + "')");
        }
    }

    @Test
    void takesAPictureWithTheCamera() {
        browser.click("#camera");
        browser.await("document.querySelector('video').videoWidth > 0");
        browser.click("[data-action=shoot]");
        browser.await("document.getElementById('caption').textContent === 'Your picture from the camera'");
        assertThat(browser.evaluate("document.querySelector('video').srcObject"))
                .as("the camera is off")
                .isNull();
    }

    @Test
    void talksAgainAfterTheEndWithThePictureAndItsColours() {
        startTalking();
        browser.click("#end");
        browser.await("document.body.dataset.state === 'ended'");
        assertThat(browser.text("#start")).isEqualTo("Talk again");
        assertThat(browser.evaluate("document.getElementById('notice').hidden")).isEqualTo(true);
        startTalking();
        hearAndRead();
        assertThat(browser.evaluate("document.querySelectorAll('.words span:not(.gate)').length"))
                .isEqualTo(0L);
    }

    @Test
    void recordsWhatIsSaidToAFile(@TempDir Path folder) throws IOException {
        browser.downloadTo(folder);
        startTalking();
        browser.click("#mute"); // so that what the file holds comes from the model
        browser.click("#record");
        Browser.sleep(Duration.ofSeconds(2));
        browser.click("#record");
        browser.click("#recording-link");
        Path file = downloaded(folder);
        float[] samples = read(file);
        assertThat(samples.length).isBetween(SAMPLE_RATE, 10 * SAMPLE_RATE);
        assertThat(loudest(samples)).isGreaterThan(0.001f);
    }

    @Test
    void ratesTheTalk() throws Exception {
        startTalking();
        double before = server.metric("moshivis_ratings_total{stars=\"4\"}");
        browser.evaluate("document.querySelector(\"[name=stars][value='4']\").click()");
        browser.await("document.querySelector('#rating output').textContent === 'Thank you.'");
        assertThat(server.metric("moshivis_ratings_total{stars=\"4\"}")).isEqualTo(before + 1);
    }

    @Test
    void canBeUsedWithTheKeyboardAlone() {
        tabTo("[data-index='2']");
        browser.press(Keys.SPACE);
        browser.await("document.getElementById('caption').textContent.includes('coffee')");
        tabTo("#start");
        browser.press(Keys.ENTER);
        browser.await("document.body.dataset.state === 'talking'");
        assertThat(browser.evaluate("document.activeElement.id"))
                .as("focus, when the button went")
                .isEqualTo("end");
        tabTo("#mute");
        browser.press(Keys.SPACE);
        assertThat(browser.evaluate("document.getElementById('mute').ariaPressed"))
                .isEqualTo("true");
        tabTo("#end");
        browser.press(Keys.ENTER);
        browser.await("document.body.dataset.state === 'ended'");
        assertThat(browser.evaluate("document.activeElement.id"))
                .as("focus, at the end")
                .isEqualTo("start");
    }

    @Test
    void saysInWordsThatTheMicrophoneIsBlocked() {
        browser.evaluate("navigator.mediaDevices.getUserMedia ="
                + " () => Promise.reject(new DOMException('no', 'NotAllowedError'))");
        browser.click("#start");
        browser.await("document.body.dataset.state === 'ended'");
        assertThat(browser.text("#notice")).contains("microphone is blocked", "Allow it");
    }

    @Test
    void tellsThePlaceInTheQueueAndThenTalks() throws IOException {
        try (TestServer small = new TestServer()) {
            small.slots = 1;
            small.start();
            WebSocket first = takeSlot(small);
            open(small);
            browser.click("#start");
            browser.await("document.getElementById('status').textContent === 'Waiting: you are next'");
            first.abort();
            browser.await("document.body.dataset.state === 'talking'");
        }
        browser.await("document.body.dataset.state === 'ended'");
        assertThat(browser.text("#notice-text"))
                .as("what is said when the server goes")
                .isNotBlank();
    }

    @Test
    void asksForATokenWhereTheServerWantsOne() throws IOException {
        try (TestServer guarded = new TestServer()) {
            guarded.token = Optional.of("a secret & more");
            guarded.start();
            open(guarded);
            browser.click("#start");
            browser.await("document.body.dataset.state === 'ended'");
            assertThat(browser.text("#notice-text")).contains("access token");
            assertThat(browser.consoleMessages())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("WebSocket connection", "failed");
            browser.type("#token", "a secret & more", Keys.ENTER);
            browser.await("document.body.dataset.state === 'talking'");
            browser.click("#end");
        }
    }

    private static void open(TestServer server) {
        browser.open(address(server));
        browser.await(PAGE_IS_READY);
    }

    private static String address(TestServer server) {
        return "http://localhost:" + server.server().port();
    }

    private static void startTalking() {
        browser.click("#start");
        browser.await("document.body.dataset.state === 'talking'");
        browser.await(WORDS + " > 0");
    }

    /** The worklet plays what is not silence, and words arrive. */
    private static void hearAndRead() {
        browser.await(METER + " > 0");
        browser.await("document.querySelectorAll('.words span').length > 3");
        browser.await("parseFloat(document.querySelector('[data-value=played]').textContent) > 1");
    }

    private static WebSocket takeSlot(TestServer small) throws IOException {
        URI address = URI.create("ws://localhost:" + small.server().port() + "/api/chat");
        byte[] picture = new Message.Image(Files.readAllBytes(TestServer.PICTURE)).encode();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, new WebSocket.Listener() {})
                .join();
        return socket.sendBinary(ByteBuffer.wrap(picture), true).join();
    }

    private static void tabTo(String selector) {
        for (int i = 0; i < MOST_TABS; i++) {
            if (Boolean.TRUE.equals(browser.evaluate("document.activeElement.matches(arguments[0])", selector))) {
                return;
            }
            browser.press(Keys.TAB);
        }
        throw new AssertionError("No " + selector + " was reached with " + MOST_TABS + " tabs");
    }

    private static Path downloaded(Path folder) throws IOException {
        for (int i = 0; i < 100; i++) {
            try (var files = Files.newDirectoryStream(folder, "*.wav")) {
                var found = files.iterator();
                if (found.hasNext()) {
                    return found.next();
                }
            }
            Browser.sleep(Duration.ofMillis(50));
        }
        throw new AssertionError("nothing was saved to " + folder);
    }

    private static float[] read(Path wav) throws IOException {
        try (AudioSource source = WavFile.source(wav)) {
            source.open();
            float[] buffer = new float[60 * SAMPLE_RATE];
            int length = 0;
            for (int read = 0; read >= 0; read = source.read(buffer, length, buffer.length - length)) {
                length += read;
            }
            return Arrays.copyOf(buffer, length);
        }
    }

    private static float loudest(float[] samples) {
        float loudest = 0;
        for (float sample : samples) {
            loudest = Math.max(loudest, Math.abs(sample));
        }
        return loudest;
    }
}
