package io.github.moshivis.server.page;

import io.github.moshivis.server.TestServer;
import java.util.List;
import org.openqa.selenium.Keys;

/** The page in a browser, in the words of somebody who uses it. */
final class ShownPage {
    private static final int MAX_TABS = 60;

    private final Browser browser;

    ShownPage(Browser browser) {
        this.browser = browser;
    }

    void open(TestServer server) {
        browser.open(address(server));
        awaitReady();
    }

    /** Opens the page in a browser that lacks something: the script runs before the page's own. */
    void openWithout(TestServer server, String script) {
        openAt(address(server), script);
    }

    /** Opens the page at an address, after a script of the test's own. */
    void openAt(String address, String script) {
        browser.openWithout(address, script);
        awaitReady();
    }

    private void awaitReady() {
        browser.await(
                "document.getElementById('start')?.disabled === false && (document.body.classList.contains('sightless')"
                        + " || !document.getElementById('picture').hidden)");
    }

    private static String address(TestServer server) {
        return "http://localhost:" + server.server().port();
    }

    void start() {
        browser.click("#start");
    }

    /** Starts, and waits for the first words. */
    void talk() {
        start();
        awaitState("talking");
        browser.await("document.querySelectorAll('.words span').length > 0");
    }

    void end() {
        browser.click("#end");
        awaitState("ended");
    }

    void awaitState(String state) {
        browser.await("document.body.dataset.state === '" + state + "'");
    }

    void awaitText(String id, String text) {
        browser.await("document.getElementById('" + id + "').textContent === '" + text + "'");
    }

    /** Waits until the worklet has played a second of what is not silence, and words have come. */
    void hearAndRead() {
        browser.await("Number(document.getElementById('meter-model').ariaValueNow) > 0");
        browser.await("document.querySelectorAll('.words span').length > 3");
        browser.await("parseFloat(document.querySelector('[data-value=played]').textContent) > 1");
    }

    /** Waits until something is said to the person, and returns it. */
    String notice() {
        browser.await("!document.getElementById('notice').hidden");
        return browser.text("#notice-text");
    }

    /** What a selector finds, of which nothing can be seen without scrolling or closing something. */
    List<?> outOfSight(String... selectors) {
        return (List<?>) browser.audit("outOfSight(args)", (Object[]) selectors);
    }

    boolean isPressed(String id) {
        return "true".equals(browser.evaluate("document.getElementById(arguments[0]).ariaPressed", id));
    }

    boolean isShown(String selector) {
        return (Boolean) browser.evaluate(
                "[...document.querySelectorAll(arguments[0])].some((one) => one.checkVisibility())", selector);
    }

    boolean isSilent() {
        return (Boolean) browser.evaluate("document.getElementById('notice').hidden");
    }

    long count(String selector) {
        return (Long) browser.evaluate("document.querySelectorAll(arguments[0]).length", selector);
    }

    String focus() {
        return (String) browser.evaluate("document.activeElement.id");
    }

    /** Goes there with the tab key, and presses a key there. */
    void tabTo(String selector, Keys press) {
        for (int i = 0; i < MAX_TABS; i++) {
            if (Boolean.TRUE.equals(browser.evaluate("document.activeElement.matches(arguments[0])", selector))) {
                browser.press(press);
                return;
            }
            browser.press(Keys.TAB);
        }
        throw new AssertionError("No " + selector + " was reached with " + MAX_TABS + " tabs");
    }
}
