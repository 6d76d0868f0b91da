package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the user says, on the page of a server that writes it down. */
class PageUserWordsTest extends ScriptedPageTest {
    private static final String LINES =
            "[...document.querySelectorAll('.words p')].map((line) => `${line.className}|${line.textContent.trim()}`)"
                    + ".join('; ')";

    @Test
    void wordsOfTheUserAreAskedForShownAsTheyGrowAndKept(@TempDir Path folder) throws IOException {
        browser.downloadTo(folder);
        server.talk();
        assertThat(browser.evaluate("scripted.url.searchParams.get('user_text')"))
                .isEqualTo("1");
        server.say(5, " Hello.").hear(0, true, 1000, "What").hear(1, false, 1000.4, "is");
        assertThat(page.count(".user .open")).isEqualTo(1);
        server.hear(1, true, 1000.4, "isn’t").hear(2, false, 1001, "it?");
        assertThat(browser.evaluate(LINES)).isEqualTo("|Hello.; user|You: What isn’t it?");
        server.hear(2, true, 1001, "it?").userTurn().say(9, " A boat.").say(2, " Anything else?");
        server.hear(3, false, 1009, "No.");
        browser.await(
                "[...document.querySelectorAll('#spoken p')].some((said) => said.textContent.startsWith('You: What'))");
        page.end();
        assertThat(page.count(".open")).as("words that may change").isZero();
        assertThat(browser.evaluate(LINES))
                .isEqualTo("|Hello.; user|You: What isn’t it?; |A boat. Anything else?; user|You: No.");
        browser.click("#save-text");
        assertThat(Saved.text(folder, ".txt"))
                .endsWith(
                        """
                        MoshiVis: Hello.

                        You: What isn’t it?

                        MoshiVis: A boat. Anything else?

                        You: No.
                        """);
    }

    @Test
    void serversOfOthersAreNotAsked() {
        try (PageFiles reference = new PageFiles("none that can be read")) {
            page.openAt(reference.address(), ScriptedServer.script());
            page.start();
            server.awaitCall();
            assertThat(browser.evaluate("scripted.url.searchParams.has('user_text')"))
                    .isEqualTo(false);
        }
    }
}
