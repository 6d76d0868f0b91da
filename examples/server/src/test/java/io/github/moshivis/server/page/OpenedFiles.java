package io.github.moshivis.server.page;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/**
 * The page's files and a browser, shared by test classes: a browser takes seconds to start.
 *
 * @param files the files
 * @param browser the browser
 */
record OpenedFiles(PageFiles files, Browser browser) implements CloseableResource {
    /** Opens them for the first class, and closes them after the last test of all. */
    static final class Opening implements BeforeAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) {
            OpenedFiles opened = context.getRoot()
                    .getStore(Namespace.create(OpenedFiles.class))
                    .getOrComputeIfAbsent(OpenedFiles.class, key -> open(), OpenedFiles.class);
            PageFilesTest.use(opened);
        }

        private static OpenedFiles open() {
            Browser browser = Browser.plain();
            return new OpenedFiles(new PageFiles(), browser);
        }
    }

    @Override
    public void close() {
        browser.close();
        files.close();
    }
}
