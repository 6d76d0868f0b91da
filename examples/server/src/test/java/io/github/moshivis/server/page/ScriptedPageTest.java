package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests of the page with a server that they play themselves; nothing may be written to the browser's console. */
abstract class ScriptedPageTest extends PageFilesTest {
    static ShownPage page;
    static ScriptedServer server;

    @BeforeAll
    static void meetServer() {
        page = new ShownPage(browser);
        server = new ScriptedServer(browser, page);
    }

    @BeforeEach
    void openPage() {
        browser.show(1280, 800, false);
        page.openAt(files.address(), ScriptedServer.script());
    }

    @AfterEach
    void nothingWasWrittenToTheConsole() {
        List<String> messages = browser.consoleMessages();
        browser.evaluate("sessionStorage.clear()");
        browser.open("about:blank"); // ends the talk, if one goes on
        assertThat(messages).isEmpty();
    }
}
