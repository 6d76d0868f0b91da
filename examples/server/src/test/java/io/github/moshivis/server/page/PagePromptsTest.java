package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The choice of a voice and a role, which only models with roles offer; they have no image encoder. */
class PagePromptsTest extends ScriptedPageTest {
    static final String CONFIGURATION = "{\"image\":\"none\",\"token\":false,\"maxDurationSeconds\":null,"
            + "\"prompts\":{\"voices\":[\"NATF0\",\"NATM1\"],\"voice\":\"NATM1\",\"role\":\"You are a teacher.\"}}";

    private static PageFiles talker;

    @BeforeAll
    static void serveModelWithRoles() {
        talker = new PageFiles(CONFIGURATION);
    }

    @AfterAll
    static void stop() {
        if (talker != null) {
            talker.close();
        }
    }

    @Test
    void otherModelsOfferNoneAndAreSentNone() {
        assertThat(page.isShown("#prompts")).isFalse();
        page.start();
        server.awaitCall();
        assertThat(asked("voice_prompt")).isNull();
        assertThat(asked("text_prompt")).isNull();
    }

    @Test
    void voiceAndRoleAreThoseOfTheServerUntilOthersAreChosen() {
        page.openAt(talker.address(), ScriptedServer.script());
        assertThat(page.isShown("#stage, #legend, .pictured"))
                .as("anything about pictures")
                .isFalse();
        assertThat(browser.text("#welcome .large")).isEqualTo("Say hello.");
        assertTalkAsksFor("NATM1", "You are a teacher.");
        browser.evaluate("document.querySelector('#prompts select').focus()");
        browser.press(Keys.HOME);
        browser.type("#prompts textarea", Keys.chord(Keys.CONTROL, "a"), "You sell flowers & trees.");
        page.openAt(talker.address(), ScriptedServer.script());
        assertTalkAsksFor("NATF0", "You sell flowers & trees.");
        browser.type("#prompts textarea", Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        assertTalkAsksFor("NATF0", "");
    }

    /** Starts a talk, looks at what it asks for, and takes it back. */
    private static void assertTalkAsksFor(String voice, String role) {
        page.start();
        server.awaitCall();
        assertThat(asked("voice_prompt")).isEqualTo(voice);
        assertThat(asked("text_prompt")).isEqualTo(role);
        assertThat(page.isShown("#prompts")).as("while talking").isFalse();
        browser.click("#cancel");
        page.awaitState("ready");
    }

    private static Object asked(String parameter) {
        return browser.evaluate("scripted.url.searchParams.get(arguments[0])", parameter);
    }
}
