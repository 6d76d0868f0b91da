package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.load.BundledModel;
import io.github.moshivis.server.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A visitor without a microphone: presses a question about a scene, and reads the right answer. */
class NanoPageTest extends ServedPageTest {
    private static final String NO_MICROPHONE = "navigator.mediaDevices.getUserMedia ="
            + " () => Promise.reject(new DOMException('no', 'NotAllowedError'))";

    private static final BundledModel NANO = BundledModel.nano();

    @BeforeAll
    static void startServer() throws IOException {
        start(Browser.plain(), TestServer.nano());
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
        choose(1);
        ask("What do you see?");
        awaitAnswer("What do you see?", 1);
        choose(3);
        ask("How many shapes are there?");
        awaitAnswer("How many shapes are there?", 3);
        browser.screenshot("nano-talk");
        assertThat(page.count(".words .gate-10"))
                .as("words from the picture, by their color")
                .isPositive();
        page.end();
    }

    @Test
    void theMicrophoneMayBeRefusedAndTheTalkGoesOn() {
        choose(0);
        page.start();
        page.awaitState("talking");
        assertThat(page.notice()).contains("microphone is blocked", "press one of the questions");
        assertThat(browser.evaluate("document.getElementById('mute').ariaPressed"))
                .isEqualTo("true");
        browser.click("#dismiss");
        ask("Is there a red circle?");
        awaitAnswer("Is there a red circle?", 0);
        browser.click("#mute");
        assertThat(page.notice()).contains("microphone is blocked");
        page.awaitState("talking");
    }

    private static void choose(int picture) {
        browser.click("[data-index='" + picture + "']");
        page.awaitText("caption", "A drawing of " + NANO.pictures().get(picture).title());
    }

    private static void ask(String question) {
        browser.await("[...document.querySelectorAll('.asks button')].every((button) => !button.disabled)");
        browser.evaluate(
                "[...document.querySelectorAll('.asks button')].find((button) => button.textContent === arguments[0]).click()",
                question);
    }

    private static void awaitAnswer(String question, int picture) {
        String answer =
                NANO.question(question).answer(NANO.pictures().get(picture)).orElseThrow();
        browser.await(
                "[...document.querySelectorAll('.words p:not(.question)')].some((line) => line.textContent.trim() === '"
                        + answer + "')");
    }
}
