package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.server.TestServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of the page in one browser with one server; nothing may be written to the browser's console. */
abstract class ServedPageTest {
    static TestServer server;
    static Browser browser;
    static ShownPage page;

    /** Starts the server; both are closed after the last test of the class. */
    static void start(Browser opened, TestServer configured) throws IOException {
        browser = opened;
        page = new ShownPage(browser);
        server = configured;
        server.start();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
            server.close();
        }
    }

    @BeforeEach
    void showWindow() {
        browser.show(1280, 800, false);
    }

    @AfterEach
    void nothingWasWrittenToTheConsole() {
        List<String> messages = browser.consoleMessages();
        browser.open("about:blank"); // ends the talk, if one goes on
        assertThat(messages).isEmpty();
    }
}
