package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** What people need who cannot see well, do not use a mouse, or hold a phone. The measuring is done in {@code audit.js}. */
class PageAccessibilityTest extends PageFilesTest {
    @BeforeEach
    void openPage() {
        browser.show(1280, 800, false);
        browser.open(files.address());
        browser.await("document.getElementById('picture').complete && !document.getElementById('picture').hidden");
    }

    @ParameterizedTest
    @CsvSource({
        "waiting, false",
        "waiting, true",
        "ready, false",
        "ready, true",
        "talking, false",
        "talking, true",
        "ended, false",
        "ended, true"
    })
    void everyTextStandsOutFromItsGround(String state, boolean dark) {
        browser.show(1280, 800, dark);
        enter(state);
        assertThat(audit("paleTexts()")).asInstanceOf(LIST).isEmpty();
        browser.click("#open-settings");
        assertThat(audit("paleTexts()")).asInstanceOf(LIST).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ready", "waiting", "talking", "ended"})
    void everyControlHasAName(String state) {
        enter(state);
        assertThat(browser.namelessControls()).isEmpty();
        browser.click("#open-settings");
        assertThat(browser.namelessControls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 1280})
    void everyControlIsLargeEnoughAndNothingHasToBeScrolledSideways(int width) {
        browser.show(width, 800, false);
        enter("talking");
        assertThat(audit("smallTargets()")).asInstanceOf(LIST).isEmpty();
        assertThat(browser.evaluate("document.documentElement.scrollWidth")).isEqualTo((long) width);
    }

    @Test
    void headingsAndLandmarksTellWhereThingsAre() {
        assertThat(audit("structureFaults()")).asInstanceOf(LIST).isEmpty();
    }

    @Test
    void everyControlIsReachedByTabInTheOrderItIsShownAndTheFocusIsSeen() {
        List<Object> reached = new ArrayList<>();
        browser.press(Keys.TAB);
        while (!audit("focusName()").equals("body")) { // until the focus leaves the page
            assertThat(audit("focusIsVisible()"))
                    .as("focus on %s", audit("focusName()"))
                    .isEqualTo(true);
            reached.add(audit("focusName()"));
            browser.press(Keys.TAB);
        }
        assertThat(reached)
                .containsSubsequence("skip", "open-settings", "thumbnail", "upload", "camera", "no-picture")
                .containsSubsequence("no-picture", "colors", "transcript", "token", "start")
                .filteredOn("thumbnail"::equals)
                .hasSize(6);
    }

    @Test
    void theSettingsCanBeChangedAndLeftByKeyboard() {
        browser.type("#open-settings", Keys.ENTER);
        browser.await("document.getElementById('settings').open");
        browser.type("#setting-text_temperature", Keys.ARROW_RIGHT);
        assertThat(browser.text(".setting.changed output")).isEqualTo("0.46");
        browser.press(Keys.ESCAPE);
        browser.await("!document.getElementById('settings').open");
        assertThat(audit("focusName()")).isEqualTo("open-settings");
    }

    @Test
    void nothingMovesForThoseWhoAskedForThat() {
        enter("connecting");
        assertThat(audit("moving()")).asInstanceOf(LIST).isNotEmpty();
        browser.reduceMotion();
        assertThat(audit("moving()")).asInstanceOf(LIST).isEmpty();
    }

    /** Shows what a state shows, with words of all colors and a notice. */
    private static void enter(String state) {
        browser.evaluateAsync(
                """
                const { View } = await import('/ui/view.js');
                const { Transcript } = await import('/ui/transcript.js');
                new View({ maxDurationSeconds: 300 }).enter(args[0], 'The server has gone.');
                new View({ maxDurationSeconds: 300 }).notice('The server has gone.');
                const byId = (id) => document.getElementById(id);
                const transcript = new Transcript(
                  { log: byId('words'), scroller: byId('transcript'), spoken: byId('spoken') });
                transcript.begin();
                for (let level = 0; level <= 10; level++) {
                  transcript.add(' word', level);
                }
                transcript.addUserWord({ number: 0, start: 0, text: 'final', isFinal: true });
                transcript.addUserWord({ number: 1, start: 1, text: 'open', isFinal: false });
                """,
                state);
    }
}
