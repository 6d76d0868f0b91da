package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/**
 * Pictures of the page in every state, for people to look at: {@code target/screenshots/page-*.jpg}, of which copies are in
 * {@code docs/pictures}.
 */
@Tag("stress")
class PagePicturesTest extends ScriptedPageTest {
    private static final Path FOLDER = Path.of("target", "screenshots");

    private static TestServer nano;
    private static PageFiles talker;

    @BeforeAll
    static void serveOtherModels() throws IOException {
        nano = TestServer.nano();
        nano.start();
        talker = new PageFiles(PagePromptsTest.CONFIGURATION);
    }

    @AfterAll
    static void stopOthers() {
        if (nano != null) {
            nano.close();
            talker.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "390, 844, false, 8, 0.4",
        "390, 844, true, 8, 0.4",
        "844, 390, false, 4, 0.4",
        "844, 390, true, 4, 0.4",
        "1280, 800, false, 4, 0.3",
        "1280, 800, true, 4, 0.3"
    })
    void everyState(int width, int height, boolean dark, int columns, double scale) throws IOException {
        ContactSheet sheet = new ContactSheet(columns, scale);
        browser.show(width, height, dark);
        sheet.add(browser.picture()); // ready
        addBeginning(sheet);
        addTalk(sheet);
        addEnd(sheet);
        addSettings(sheet);
        addFailures(sheet);
        addOtherModels(sheet);
        Path file = FOLDER.resolve("page-" + width + "x" + height + (dark ? "-dark" : "-light") + ".jpg");
        sheet.write(file);
        assertThat(Files.size(file)).as("bytes of %s", file).isBetween(20_000L, 400_000L);
    }

    /** A talk with the nano model, for the first page of the documentation. */
    @Test
    void aTalkForTheReadme() throws IOException {
        page.open(nano);
        NanoTalk talk = new NanoTalk(browser, page);
        ask(talk, 1, "What do you see?");
        ask(talk, 3, "How many shapes are there?");
        write("page-desktop-light.jpg");
        browser.show(390, 844, true);
        write("page-phone-dark.jpg");
        assertThat(page.outOfSight("#end", "#meter-model", ".asks button:first-child"))
                .isEmpty();
    }

    private static void ask(NanoTalk talk, int picture, String question) {
        talk.choose(picture);
        talk.ask(question);
        talk.awaitAnswer(question, picture);
    }

    private static void write(String name) throws IOException {
        ContactSheet alone = new ContactSheet(1, 1);
        alone.add(browser.picture());
        alone.write(FOLDER.resolve(name));
    }

    private static void addBeginning(ContactSheet sheet) {
        page.start();
        server.awaitCall();
        sheet.add(browser.picture()); // connecting
        server.accept();
        sheet.add(browser.picture()); // getting ready
        server.queue(3);
        sheet.add(browser.picture()); // waiting
        server.greet();
    }

    private static void addTalk(ContactSheet sheet) {
        server.say(2, " Hello! I am looking at")
                .say(9, " a striped lighthouse")
                .say(5, " and a small boat.")
                .hear(0, true, 1e4, "What")
                .hear(1, true, 1e4 + 1, "is that")
                .hear(2, false, 1e4 + 2, "beh")
                .sound(1);
        browser.await("document.getElementById('voices').dataset.speaker !== 'nobody'");
        sheet.add(browser.picture());
        server.sayMuch(20);
        browser.click("#mute");
        browser.click("#record");
        page.awaitText("label-you", "You: muted");
        sheet.add(browser.picture()); // muted and recording, with more words than there is room for
        browser.click("summary");
        sheet.add(browser.picture()); // with numbers
        server.tell("{ stopping: { seconds: 20 } }");
        browser.click("summary");
        sheet.add(browser.picture()); // the server will stop
        browser.click("#dismiss");
    }

    private static void addEnd(ContactSheet sheet) {
        browser.type("#upload", TestServer.PICTURE.toAbsolutePath().toString());
        page.awaitText("caption", "Your picture");
        page.end();
        browser.evaluate("document.querySelectorAll('.rating input')[3].click()");
        page.awaitText("rating-thanks", "Thank you.");
        sheet.add(browser.picture()); // rated, and ready to be kept
        page.start();
        server.awaitCall().accept().greet().say(9, " Another picture!");
        browser.click("#colors");
        sheet.add(browser.picture()); // another talk below the first, without colors
        server.close(1006, "");
        page.awaitState("ended");
        sheet.add(browser.picture()); // the server is lost
    }

    private static void addSettings(ContactSheet sheet) {
        browser.click("#open-settings");
        browser.await("document.querySelector('[name=microphone]').options.length > 1");
        browser.type("#setting-text_temperature", Keys.ARROW_RIGHT);
        sheet.add(browser.picture());
        browser.press(Keys.ESCAPE);
        browser.evaluate("sessionStorage.clear()");
    }

    private static void addFailures(ContactSheet sheet) {
        page.openAt(
                files.address(),
                "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))");
        page.start();
        page.notice();
        sheet.add(browser.picture()); // no microphone
    }

    private static void addOtherModels(ContactSheet sheet) {
        page.openAt(talker.address(), "");
        sheet.add(browser.picture()); // a model with voices and roles
        page.open(nano);
        sheet.add(browser.picture()); // the nano model with its questions
    }
}
