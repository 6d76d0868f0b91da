package io.github.moshivis.server.page;

/** A server that the test plays for a page in a browser: what it says, and when, is the test's choice. See {@code scripted-server.js}. */
final class ScriptedServer {
    private final Browser browser;
    private final ShownPage page;

    ScriptedServer(Browser browser, ShownPage page) {
        this.browser = browser;
        this.page = page;
    }

    /** The script that has to run before those of the page. */
    static String script() {
        return Browser.pageTest("scripted-server.js");
    }

    /** Waits until the page, in which a talk was started, asks for a connection. */
    ScriptedServer awaitCall() {
        browser.await("scripted.isCalled");
        return this;
    }

    /** Takes the call, and says of itself what the real server says. */
    ScriptedServer accept() {
        browser.evaluate("scripted.open()");
        return tell(
                "{ instance_name: 'Harbor', lm_model_file: 'moshika-vis', base_filename: 'talk-1', rating_key: 'k1' }");
    }

    /** Sends metadata: an object of JavaScript. */
    ScriptedServer tell(String object) {
        browser.evaluate("scripted.metadata(" + object + ")");
        return this;
    }

    ScriptedServer queue(int position) {
        return tell("{ queue: { position: " + position + " } }");
    }

    /** Begins the talk. */
    ScriptedServer greet() {
        browser.evaluate("scripted.handshake()");
        page.awaitState("talking");
        return this;
    }

    /** Sends a piece of text with its level. */
    ScriptedServer say(int level, String text) {
        browser.evaluate("scripted.say(...arguments)", level, text);
        return this;
    }

    /** Sends a word of the user, from a second of the user's sound on. */
    ScriptedServer hear(int number, boolean isFinal, double start, String text) {
        browser.evaluate("scripted.hear(...arguments)", number, isFinal, start, text);
        return this;
    }

    /** Says that the user has finished. */
    ScriptedServer userTurn() {
        browser.evaluate("scripted.userTurn()");
        return this;
    }

    /** Sends that many lines of words. */
    ScriptedServer sayMuch(int lines) {
        browser.evaluate(
                "(() => { for (let i = 0; i < arguments[0]; i++) { scripted.say(i % 11, ` Line ${i + 1} of a long answer about"
                        + " the picture.`); } })()",
                lines);
        return this;
    }

    ScriptedServer sound(int seconds) {
        browser.evaluate("scripted.sound(arguments[0])", seconds);
        return this;
    }

    /** Closes the connection as a server does, with a code of RFC 6455 and perhaps a reason. */
    void close(int code, String reason) {
        browser.evaluate("scripted.close(...arguments)", code, reason);
    }

    /** A whole talk's beginning: from the click to the handshake. */
    ScriptedServer talk() {
        page.start();
        return awaitCall().accept().greet();
    }
}
