package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.server.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** What stays of a talk: its words, its sound, its pictures; and what stays of a user's choices. */
class PageKeepTest extends ScriptedPageTest {
    @Test
    void wordsOutliveTheNextTalkAndCanBeCopiedAndSaved(@TempDir Path folder) throws IOException {
        browser.allowClipboard();
        browser.downloadTo(folder);
        server.talk().say(3, " The first").say(9, " talk.");
        page.end();
        browser.click("#start");
        server.awaitCall().accept().greet().say(9, " The second one.");
        page.end();
        String copied = (String)
                browser.evaluateAsync(
                        """
                const button = document.getElementById('copy');
                button.click();
                while (button.textContent !== 'Copied') {
                  await new Promise((done) => setTimeout(done, 10));
                }
                return navigator.clipboard.readText();
                """);
        assertThat(copied.replaceAll("Another talk, [^\n]*–", "Another talk –"))
                .isEqualTo(
                        """
                        [Picture: A sailing boat passes a striped lighthouse at sunset]

                        MoshiVis: The first talk.

                        – Another talk –

                        [Picture: A sailing boat passes a striped lighthouse at sunset]

                        MoshiVis: The second one.
                        """);
        browser.click("#save-text");
        assertThat(Saved.text(folder, ".txt")).isEqualTo(copied);
    }

    @Test
    void aRecordingIsSavedWithSoundWordsAndPictureAsOnePage(@TempDir Path folder) throws IOException {
        browser.downloadTo(folder);
        server.talk();
        browser.click("#record");
        server.say(10, " A lighthouse & a <boat>").sound(1);
        browser.await("parseFloat(document.querySelector('[data-value=played]').textContent) > 0.1");
        browser.click("#record");
        assertThat(browser.text("#save-recording")).startsWith("Save the recording (0:0");
        browser.click("#save-recording");
        String saved = Saved.text(folder, ".html");
        assertThat(saved)
                .startsWith("<!doctype html>")
                .contains("<meta charset=\"utf-8\">", "> A lighthouse &#38; a &#60;boat&#62;</span>")
                .containsPattern("<audio controls src=\"data:audio/wav;base64,[A-Za-z0-9+/=]{1000,}\"")
                .containsPattern("<img src=\"data:image/jpeg;base64,[A-Za-z0-9+/=]{1000,}\" alt=\"A sailing boat")
                .containsPattern("<span style=\"background-color: [^;]+; border-bottom: [^\"]+\">")
                .doesNotContain("blob:", "<script");
    }

    @Test
    void anUploadedPictureKeepsItsThumbnail() {
        browser.type("#upload", TestServer.PICTURE.toAbsolutePath().toString());
        page.awaitText("caption", "Your picture");
        assertThat(page.count(".thumbnail")).isEqualTo(7);
        assertThat(page.count(".thumbnail:not([data-index])[aria-pressed=true]"))
                .isEqualTo(1);
        browser.click("[data-index='1']");
        browser.await("document.getElementById('caption').textContent.includes('tent')");
        browser.click(".thumbnail:not([data-index])");
        page.awaitText("caption", "Your picture");
        assertThat(page.count(".thumbnail"))
                .as("thumbnails, after it was chosen again")
                .isEqualTo(7);
        browser.await("document.getElementById('picture').naturalWidth > 0");
    }

    @Test
    void changedSettingsAreMarkedAndCountedUntilTheyAreReset() {
        assertThat(page.isShown("#changed-count")).isFalse();
        browser.click("#open-settings");
        browser.await("document.querySelector('[name=microphone]').options.length > 1"); // and all has its place
        assertThat(browser.text("#hint-image_resolution")).contains("square of that many pixels a side");
        browser.type("#setting-text_temperature", Keys.ARROW_RIGHT);
        browser.type("[name=center_crop]", Keys.SPACE);
        browser.type("[name=seed]", "7", Keys.TAB);
        assertThat(browser.evaluate("[...document.querySelectorAll('.changed input')].map(({ name }) => name).join()"))
                .isEqualTo("text_temperature,center_crop,seed");
        browser.click("#settings .primary");
        assertThat(browser.text("#changed-count")).isEqualTo("3");
        page.openAt(files.address(), ScriptedServer.script());
        assertThat(browser.text("#changed-count")).as("after a reload").isEqualTo("3");
        browser.click("#open-settings");
        browser.click("#reset-settings");
        assertThat(page.count(".changed")).isZero();
        browser.click("#settings .primary");
        assertThat(page.isShown("#changed-count")).isFalse();
    }

    @Test
    void microphoneAndSpeakerAreChosenBeforeATalkAndDuringIt() {
        browser.evaluate("(() => { const Real = AudioContext; window.contexts = [];"
                + " window.AudioContext = class extends Real { constructor(o) { super(o); contexts.push(this); } };"
                + " window.asked = []; const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
                + " navigator.mediaDevices.getUserMedia ="
                + " (wish) => { asked.push(wish.audio.deviceId?.exact ?? ''); return real(wish); }; })()");
        browser.click("#open-settings");
        String microphone = choose("microphone", 1);
        String speaker = choose("speaker", 1);
        browser.click("#settings .primary");
        server.talk();
        assertThat(browser.evaluate("asked.join()")).isEqualTo(microphone);
        assertThat(browser.evaluate("contexts[0].sinkId")).isEqualTo(speaker);
        browser.click("#open-settings");
        String another = choose("microphone", 2);
        browser.await("asked.length === 2");
        assertThat(browser.evaluate("asked[1]")).isEqualTo(another).isNotEqualTo(microphone);
        choose("speaker", 0);
        browser.await("contexts[0].sinkId === ''");
        browser.click("#settings .primary");
        page.awaitState("talking");
        assertThat(page.isSilent()).isTrue();
    }

    /** Chooses the device at an index of the list, and returns its id. */
    private static String choose(String kind, int index) {
        browser.await("document.querySelector('[name=" + kind + "]').options.length > " + index);
        return (String) browser.evaluateAsync(
                "const select = document.querySelector(`[name=${args[0]}]`); select.selectedIndex = args[1];"
                        + " select.dispatchEvent(new Event('change', { bubbles: true })); return select.value;",
                kind,
                index);
    }

    @Test
    void aServerThatIsGoneIsReportedAsSuch() {
        try (PageFiles lost = new PageFiles()) {
            page.openAt(lost.address(), "");
        }
        page.start();
        assertThat(page.notice()).contains("server cannot be reached");
        page.awaitState("ready");
        assertThat(browser.consoleMessages()) // no script can keep the browser from noting these
                .allSatisfy(message -> assertThat(message).containsAnyOf("ERR_CONNECTION_REFUSED", "Network error"));
    }
}
