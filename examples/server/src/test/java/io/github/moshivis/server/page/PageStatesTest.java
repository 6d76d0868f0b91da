package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the page says and offers from the click on Start to the end of a talk, as its server and its user do this or that. */
class PageStatesTest extends ScriptedPageTest {
    @Test
    void connectingAndWaitingAreTold() {
        page.start();
        server.awaitCall();
        page.awaitText("progress-title", "Connecting…");
        server.accept();
        page.awaitText("progress-title", "The model is getting ready…");
        server.queue(3);
        page.awaitText("progress-title", "Number 3 in the queue");
        assertThat(browser.text("#status")).isEqualTo("Waiting: number 3");
        server.queue(1);
        page.awaitText("progress-title", "You are next");
        assertThat(page.focus()).isEqualTo("cancel");
        server.greet();
        assertThat(page.isShown(".progress")).isFalse();
    }

    @Test
    void waitingCanBeCancelledAndLeavesThePageAsItWas() {
        page.start();
        server.awaitCall().accept().queue(2);
        browser.click("#cancel");
        page.awaitState("ready");
        assertThat(browser.text("#start")).isEqualTo("Start talking");
        assertThat(page.isShown("#welcome")).isTrue();
        assertThat(page.count(".words > *")).isZero();
        assertThat(page.isSilent()).isTrue();
        assertThat(page.isShown("#rating, .keep button")).isFalse();
    }

    @Test
    void aStartThatFailedLeavesThePageAsItWasAndSaysWhy() {
        page.start();
        server.awaitCall().accept();
        server.close(1013, "");
        assertThat(page.notice()).contains("full");
        page.awaitState("ready");
        assertThat(page.isShown("#welcome")).isTrue();
        assertThat(page.count(".words > *")).isZero();
    }

    @Test
    void aServerThatStopsSaysSoAndKeepsItsName() {
        server.talk();
        server.tell("{ stopping: { seconds: 20 } }");
        assertThat(page.notice()).contains("stops in 20 seconds");
        assertThat(page.count(".words > *")).isPositive();
        browser.click("summary");
        assertThat(browser.text("[data-value=server]")).isEqualTo("Harbor");
        assertThat(browser.text("[data-value=model]")).isEqualTo("moshika-vis");
    }

    @Test
    void wordsAreFollowedUntilTheUserScrollsBackAndAgainFromTheEndOn() {
        server.talk().sayMuch(40);
        awaitEnd(true);
        scrollTranscript("0");
        server.sayMuch(5);
        awaitEnd(false);
        scrollTranscript("log.scrollHeight");
        server.sayMuch(5);
        awaitEnd(true);
    }

    private static void scrollTranscript(String to) {
        browser.evaluateAsync("const log = document.getElementById('transcript');"
                + " const scrolled = new Promise((done) => log.addEventListener('scroll', done, { once: true }));"
                + " log.scrollTop = " + to + "; await scrolled;");
    }

    private static void awaitEnd(boolean atEnd) {
        browser.await("(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 5)"
                + "(document.getElementById('transcript')) === " + atEnd);
    }

    @Test
    void aMutedMicrophoneIsNamedInTheHeadAndAtItsMeter() {
        server.talk();
        browser.click("#mute");
        page.awaitText("label-you", "You: muted");
        assertThat(browser.text("#status")).isEqualTo("Muted");
        assertThat(page.isPressed("mute")).isTrue();
        browser.click("#mute");
        browser.await("!document.getElementById('label-you').textContent.includes('muted')");
        assertThat(browser.text("#status")).isEqualTo("Talking");
    }

    @Test
    void theCenterShowsWhoSpeaks() {
        server.talk();
        browser.click("#mute");
        page.awaitText("label-you", "You: muted");
        browser.await("document.getElementById('voices').dataset.speaker === 'nobody'");
        browser.evaluate("(() => { window.shown = []; const voices = document.getElementById('voices');"
                + " new MutationObserver(() => shown.push(`${voices.dataset.speaker}: ${voices.innerText}`))"
                + ".observe(voices, { attributes: true, childList: true, subtree: true }); })()");
        server.sound(1);
        browser.await("shown.some((text) => text.startsWith('model:') && text.includes('MoshiVis speaks'))");
        browser.await("document.getElementById('voices').dataset.speaker === 'nobody'");
        browser.click("#mute"); // this browser's microphone hears beeps
        browser.await("shown.some((text) => text.startsWith('you:') && text.includes('You speak'))");
    }

    @Test
    void interruptedSoundIsResumed() {
        browser.evaluate(
                "(() => { const Real = AudioContext; window.contexts = [];"
                        + " window.AudioContext = class extends Real { constructor(o) { super(o); contexts.push(this); } }; })()");
        server.talk();
        browser.evaluateAsync("const [context] = contexts; window.interruptions = 0;"
                + " context.addEventListener('statechange', () => (interruptions += context.state === 'suspended'));"
                + " await context.suspend();");
        browser.await("interruptions === 1 && contexts[0].state === 'running'");
        browser.await("document.getElementById('notice').hidden");
        page.awaitState("talking");
    }

    @Test
    void serversThatTakeNoLaterRatingsHearOfOneDuringTheTalk() {
        page.start();
        server.awaitCall();
        browser.evaluate("scripted.open()");
        server.tell("{ instance_name: 'Reference' }").greet();
        browser.click(".rating label:nth-of-type(4)");
        browser.await("scripted.sent.some((message) => message[0] === 0x0a && message[1] === 4)");
        page.end();
        assertThat(page.isShown("#rating")).isFalse();
    }

    @Test
    void theColorsOfTheWordsCanBeSwitchedOffAndStayOff() {
        server.talk().say(10, " a lighthouse");
        assertThat(colorOfWords()).isNotEqualTo("rgba(0, 0, 0, 0)");
        browser.click("#colors");
        assertThat(colorOfWords()).isEqualTo("rgba(0, 0, 0, 0)");
        page.openAt(files.address(), ScriptedServer.script());
        server.talk().say(10, " a lighthouse");
        assertThat(colorOfWords()).isEqualTo("rgba(0, 0, 0, 0)");
        browser.click("#colors");
        assertThat(colorOfWords()).isNotEqualTo("rgba(0, 0, 0, 0)");
    }

    private static Object colorOfWords() {
        return browser.evaluate("getComputedStyle(document.querySelector('.gate-10')).backgroundColor");
    }
}
