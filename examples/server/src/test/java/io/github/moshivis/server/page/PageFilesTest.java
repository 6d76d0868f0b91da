package io.github.moshivis.server.page;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests of the page's files in one browser, without the server's back end. */
abstract class PageFilesTest {
    static PageFiles files;
    static Browser browser;

    @BeforeAll
    static void openBrowser() {
        browser = Browser.plain();
        files = new PageFiles();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
            files.close();
        }
    }

    /** What a function of {@code audit.js} finds. */
    static Object audit(String call) {
        return browser.audit(call);
    }
}
