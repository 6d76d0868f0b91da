package io.github.moshivis.server.page;

import io.github.moshivis.load.BundledModel;

/** A talk with the nano model on the page: its scenes, its questions, and the answers that are right. */
final class NanoTalk {
    private static final BundledModel NANO = BundledModel.nano();

    private final Browser browser;
    private final ShownPage page;

    NanoTalk(Browser browser, ShownPage page) {
        this.browser = browser;
        this.page = page;
    }

    void choose(int picture) {
        browser.click("[data-index='" + picture + "']");
        page.awaitText("caption", "A drawing of " + NANO.pictures().get(picture).title());
    }

    void ask(String question) {
        browser.await("[...document.querySelectorAll('.asks button')].every((button) => !button.disabled)");
        browser.evaluate(
                "[...document.querySelectorAll('.asks button')].find((button) => button.textContent === arguments[0]).click()",
                question);
    }

    void awaitAnswer(String question, int picture) {
        String answer =
                NANO.question(question).answer(NANO.pictures().get(picture)).orElseThrow();
        browser.await(
                "[...document.querySelectorAll('.words p:not(.question)')].some((line) => line.textContent.trim() === '"
                        + answer + "')");
    }
}
