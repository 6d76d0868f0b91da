/**
 * Tests of the web page in a real browser: its modules one by one, what it offers to keyboards and screen readers, and a talk from end to
 * end. They need Chromium and its driver, and are skipped with the reason where those are missing.
 */
package io.github.moshivis.server.page;
