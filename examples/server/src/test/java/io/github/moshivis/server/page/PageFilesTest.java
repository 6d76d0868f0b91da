package io.github.moshivis.server.page;

import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the page's files without the server's back end, all in one browser. */
@ExtendWith(OpenedFiles.Opening.class)
abstract class PageFilesTest {
    static PageFiles files;
    static Browser browser;

    static void use(OpenedFiles opened) {
        files = opened.files();
        browser = opened.browser();
        browser.forget();
    }

    /** What a function of {@code audit.js} finds. */
    static Object audit(String call) {
        return browser.audit(call);
    }
}
