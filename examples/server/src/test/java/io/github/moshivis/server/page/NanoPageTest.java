package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.server.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A visitor without a microphone: presses a question about a scene, and reads the right answer. */
class NanoPageTest extends ServedPageTest {
    private static final String NO_MICROPHONE = "navigator.mediaDevices.getUserMedia ="
            + " () => Promise.reject(new DOMException('no', 'NotAllowedError'))";

    private static NanoTalk talk;

    @BeforeAll
    static void startServer() throws IOException {
        start(Browser.plain(), TestServer.nano());
        talk = new NanoTalk(browser, page);
    }

    @BeforeEach
    void openPage() {
        page.openWithout(server, NO_MICROPHONE);
    }

    @Test
    void pressingAQuestionIsAnsweredAndAfterAnotherPictureAnsweredAnew() throws IOException {
        assertThat(page.count(".thumbnail")).isEqualTo(6);
        assertThat(page.count(".asks button")).isEqualTo(11);
        browser.screenshot("nano-start");
        talk.choose(1);
        talk.ask("What do you see?");
        talk.awaitAnswer("What do you see?", 1);
        talk.choose(3);
        talk.ask("How many shapes are there?");
        talk.awaitAnswer("How many shapes are there?", 3);
        browser.screenshot("nano-talk");
        browser.show(360, 640, false);
        assertThat(page.outOfSight(".words p", ".asks button:first-child", "#meter-you", "#meter-model", "#end"))
                .as("out of sight on a small phone")
                .isEmpty();
        assertThat(page.count(".words .gate-10"))
                .as("words from the picture, by their color")
                .isPositive();
        page.end();
    }

    @Test
    void theMicrophoneMayBeRefusedAndTheTalkGoesOn() {
        talk.choose(0);
        page.start();
        page.awaitState("talking");
        assertThat(page.notice()).contains("microphone is blocked", "press one of the questions");
        assertThat(browser.evaluate("document.getElementById('mute').ariaPressed"))
                .isEqualTo("true");
        browser.click("#dismiss");
        talk.ask("Is there a red circle?");
        talk.awaitAnswer("Is there a red circle?", 0);
        browser.click("#mute");
        assertThat(page.notice()).contains("microphone is blocked");
        page.awaitState("talking");
    }
}
