package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What has to be in sight on phones, upright and turned, and on a desktop, in each state of a talk. */
class PageLayoutTest extends ScriptedPageTest {
    private static final String NEWEST = ".words span";

    private record Screen(int width, int height) {
        void show() {
            browser.show(width, height, false);
        }

        void assertInSight(String... selectors) {
            assertThat(page.outOfSight(selectors))
                    .as("out of sight on %s", this)
                    .isEmpty();
        }

        void assertThatNothingScrollsSideways() {
            assertThat(browser.evaluate("document.documentElement.scrollWidth"))
                    .as("width on %s", this)
                    .isEqualTo((long) width);
        }
    }

    private static final List<Screen> SCREENS =
            List.of(new Screen(390, 844), new Screen(360, 640), new Screen(844, 390), new Screen(1280, 800));

    @Test
    void theNewestWordsAndTheLevelsAreInSightDuringATalk() {
        server.talk();
        for (Screen screen : SCREENS) {
            screen.show();
            server.sayMuch(40);
            screen.assertInSight(NEWEST, "#meter-you", "#meter-model", "#mute", "#record", "#end", "#picture");
            screen.assertThatNothingScrollsSideways();
            browser.click("summary");
            server.sayMuch(1);
            screen.assertInSight(NEWEST, "#meter-you", "#meter-model", "#end");
            browser.click("summary");
            server.sayMuch(1);
            screen.assertInSight(NEWEST);
            server.tell("{ stopping: { seconds: 20 } }");
            screen.assertInSight("#notice", NEWEST, "#meter-you", "#meter-model", "#end");
            browser.click("#dismiss");
        }
    }

    @Test
    void startIsInSightAlsoAfterAFailedStart() {
        for (Screen screen : SCREENS) {
            screen.show();
            screen.assertInSight("#start", "#picture", ".welcome .large");
            screen.assertThatNothingScrollsSideways();
        }
        page.start();
        server.awaitCall().close(1006, "");
        page.awaitState("ready");
        for (Screen screen : SCREENS) {
            screen.show();
            screen.assertInSight("#start", "#notice");
        }
    }

    @Test
    void thePlaceInTheQueueAndTheWayOutAreInSight() {
        page.start();
        server.awaitCall().accept().queue(3);
        for (Screen screen : SCREENS) {
            screen.show();
            screen.assertInSight("#progress-title", "#cancel");
            screen.assertThatNothingScrollsSideways();
        }
    }

    @Test
    void theLastWordsAndTheWayToTheNextTalkAreInSightAtTheEnd() {
        server.talk().sayMuch(40).close(1011, "");
        page.awaitState("ended");
        for (Screen screen : SCREENS) {
            screen.show();
            screen.assertInSight("#notice", NEWEST, "#start");
            screen.assertThatNothingScrollsSideways();
        }
        page.start();
        server.awaitCall();
        for (Screen screen : SCREENS) {
            screen.show();
            screen.assertInSight("#progress-title", "#cancel");
        }
    }

    @Test
    void theSettingsAreAlignedAndDoneIsInSight() {
        browser.click("#open-settings");
        for (Screen screen : SCREENS) {
            screen.show();
            screen.assertInSight("#settings-title", "#settings .primary", "#reset-settings");
            assertThat(audit("crookedSliders()")).asInstanceOf(LIST).isEmpty();
        }
    }

    @Test
    void nothingHoversWhereThereIsOnlyAFinger() {
        assertThat(audit("hoversOnTouch()")).asInstanceOf(LIST).isEmpty();
    }

    @Test
    void onlyWhatCanBePressedLooksLikeAButton() {
        assertThat(browser.evaluate("[...document.querySelectorAll('#welcome *')].filter((element) =>"
                        + " getComputedStyle(element).backgroundColor !== 'rgba(0, 0, 0, 0)').length"))
                .isEqualTo(0L);
    }
}
