package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.client.Message;
import io.github.moshivis.server.TestServer;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** A person's talks in a browser with the real server and its bundled model, from the first click to the last. */
class PageEndToEndTest extends ServedPageTest {
    @BeforeAll
    static void startServer() throws IOException {
        TestServer configured = new TestServer();
        configured.image = ImageMode.OPTIONAL;
        configured.imageWait = Duration.ofSeconds(2);
        start(Browser.withMicrophone(Golden.path("e2e/input.wav")), configured);
    }

    @BeforeEach
    void openPage() {
        page.open(server);
    }

    @Test
    void talksAboutAPictureAndHearsTheAnswer() throws IOException {
        browser.click("[data-index='3']");
        page.talk();
        page.hearAndRead();
        assertThat(page.count(".words span:not(.gate)"))
                .as("words without a color")
                .isZero();
        browser.click("summary");
        assertThat(browser.text("[data-value=latency]")).matches("\\d+ ms");
        assertThat(browser.text("[data-value=buffer]")).matches("\\d+ ms to \\d+ ms");
        assertThat(browser.text("[data-value=model]")).isEqualTo("toy");
        takeScreenshots();
    }

    private static void takeScreenshots() throws IOException {
        browser.screenshot("desktop-light");
        browser.show(1280, 800, true);
        browser.screenshot("desktop-dark");
        browser.show(390, 844, true);
        browser.screenshot("phone-dark");
        browser.show(390, 844, false);
        browser.screenshot("phone-light");
    }

    @Test
    void talksWithoutOpusWhereTheBrowserHasNone() {
        page.openWithout(server, "delete window.AudioEncoder");
        page.talk();
        page.hearAndRead();
    }

    @Test
    void talksWithoutAPictureWhereTheServerAllowsIt() {
        browser.click("#no-picture");
        page.talk();
        page.hearAndRead();
    }

    @Test
    void changesThePictureInMidTalk() {
        page.talk();
        browser.click("[data-index='4']");
        browser.await("document.querySelectorAll('.words figure')[1]?.nextElementSibling?.tagName === 'P'");
        assertThat(page.isSilent()).as("no complaint").isTrue();
        page.awaitState("talking");
    }

    @Test
    void takesAnUploadedPictureAndRefusesWhatIsNone(@TempDir Path folder) throws IOException {
        browser.type("#upload", TestServer.PICTURE.toAbsolutePath().toString());
        page.awaitText("caption", "Your picture");
        Path notes = Files.writeString(folder.resolve("notes.txt"), "no picture");
        browser.type("#upload", notes.toString());
        assertThat(page.notice()).contains("“notes.txt”", "JPEG");
        assertThat(browser.text("#caption")).isEqualTo("Your picture");
    }

    @ParameterizedTest
    @ValueSource(strings = {"paste", "drop"})
    void takesAPictureThatIsPastedOrDropped(String way) {
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
        page.awaitText("caption", way.equals("paste") ? "The picture you pasted" : "The picture you dropped");
    }

    @Test
    void takesAPictureWithTheCamera() {
        browser.click("#camera");
        browser.await("document.querySelector('video').videoWidth > 0");
        browser.click("[data-action=shoot]");
        page.awaitText("caption", "Your picture from the camera");
        browser.await("document.querySelector('video').srcObject === null"); // the camera is off
    }

    @Test
    void talksAgainAfterTheEndWithThePictureAndItsColors() {
        page.talk();
        page.end();
        assertThat(browser.text("#start")).isEqualTo("Talk again");
        assertThat(page.isSilent())
                .as("no complaint about an end that was asked for")
                .isTrue();
        page.talk();
        page.hearAndRead();
        assertThat(page.count(".words figure")).as("pictures, one in each talk").isEqualTo(2);
        assertThat(page.count(".words span:not(.gate)")).isZero();
    }

    @Test
    void recordsWhatIsSaidToAFile(@TempDir Path folder) throws IOException {
        browser.downloadTo(folder);
        page.talk();
        browser.click("#mute"); // so that what the file holds comes from the model
        browser.click("#record");
        Browser.sleep(Duration.ofSeconds(2));
        browser.click("#record");
        browser.click("#recording-link");
        Recorded recorded = Recorded.in(folder);
        assertThat(recorded.samples().length).isGreaterThan(Recorded.SAMPLE_RATE);
        assertThat(recorded.loudest()).isGreaterThan(0.001f);
    }

    @Test
    void keepsARecordingThatTheEndOfTheTalkCutsShort() {
        page.talk();
        browser.click("#record");
        page.end();
        assertThat(browser.text("#save-recording")).startsWith("Save the recording");
        assertThat(browser.text("#recording-link")).isEqualTo("Save the sound alone");
    }

    @Test
    void ratesTheTalkWhenItIsOver() throws Exception {
        page.talk();
        assertThat(page.isShown("#rating")).as("asked during the talk").isFalse();
        page.end();
        double before = server.metric("moshivis_ratings_total{stars=\"4\"}");
        browser.click(".rating label:nth-of-type(4)");
        browser.await("document.querySelector('#rating output').textContent === 'Thank you.'");
        long deadline =
                System.nanoTime() + TimeUnit.SECONDS.toNanos(30); // the page thanks before the server has counted
        while (server.metric("moshivis_ratings_total{stars=\"4\"}") == before && System.nanoTime() - deadline < 0) {
            Thread.sleep(20);
        }
        assertThat(server.metric("moshivis_ratings_total{stars=\"4\"}")).isEqualTo(before + 1);
        assertThat(page.isSilent()).isTrue();
    }

    @Test
    void canBeUsedWithTheKeyboardAlone() {
        page.tabTo("[data-index='2']", Keys.SPACE);
        browser.await("document.getElementById('caption').textContent.includes('coffee')");
        page.tabTo("#start", Keys.ENTER);
        page.awaitState("talking");
        assertThat(page.focus()).as("focus, when the button went").isEqualTo("end");
        page.tabTo("#mute", Keys.SPACE);
        assertThat(browser.evaluate("document.getElementById('mute').ariaPressed"))
                .isEqualTo("true");
        page.tabTo("#end", Keys.ENTER);
        page.awaitState("ended");
        assertThat(page.focus()).as("focus, at the end").isEqualTo("start");
    }

    @Test
    void saysInWordsThatTheMicrophoneIsBlocked() {
        browser.evaluate("navigator.mediaDevices.getUserMedia ="
                + " () => Promise.reject(new DOMException('no', 'NotAllowedError'))");
        page.start();
        assertThat(page.notice()).contains("microphone is blocked", "Allow it");
        page.awaitState("ready");
    }

    @Test
    void tellsThePlaceInTheQueueThenTalksThenSaysThatTheServerStops() throws IOException {
        try (TestServer small = new TestServer()) {
            small.slots = 1;
            small.start();
            WebSocket first = takeSlot(small);
            page.open(small);
            page.start();
            page.awaitText("status", "Waiting: you are next");
            first.abort();
            page.awaitState("talking");
        }
        page.awaitState("ended");
        assertThat(page.notice()).contains("server stops");
    }

    @Test
    void asksForATokenWhereTheServerWantsOne() throws IOException {
        try (TestServer guarded = new TestServer()) {
            guarded.token = Optional.of("a secret & more");
            guarded.start();
            page.open(guarded);
            page.start();
            assertThat(page.notice()).contains("access token");
            assertThat(browser.consoleMessages()) // no script can keep the browser from noting this one
                    .allSatisfy(message -> assertThat(message).contains("WebSocket connection", "failed"));
            browser.type("#token", "a secret & more", Keys.ENTER);
            page.awaitState("talking");
            page.end();
        }
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
}
