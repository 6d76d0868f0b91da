package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.client.ChatStatistics;
import io.github.moshivis.client.Message;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ChatScreenTest {
    private final StringWriter shown = new StringWriter();

    @Test
    void showsWhatComesInItsOrder() {
        ChatScreen screen = new ChatScreen(new PrintWriter(shown), false);
        screen.onQueue(2);
        screen.onHandshake(Message.Handshake.CURRENT);
        screen.onText("a boat", OptionalInt.of(10));
        screen.onText(" at sea", OptionalInt.empty());
        screen.onError("not this picture");
        screen.finish(new ChatStatistics(Duration.ofMillis(1520), Duration.ofMillis(1440), 2, 0));
        assertThat(shown.toString())
                .hasLineCount(5)
                .containsSubsequence(
                        "place 2 in the queue",
                        "Connected",
                        "\na boat at sea\n",
                        "not this picture",
                        "Said 1.5 s, heard 1.4 s and 2 pieces");
    }

    @Test
    void showsTheUsersWordsOnLinesOfTheirOwnWhenTheyAreFinal() {
        ChatScreen screen = new ChatScreen(new PrintWriter(shown), false);
        screen.onText("A boat.", OptionalInt.empty());
        screen.onUserWord(new Message.UserWord(0, false, 1, "Wha"));
        screen.onUserWord(new Message.UserWord(0, true, 1, "What"));
        screen.onUserWord(new Message.UserWord(1, true, 1.5f, "else"));
        screen.onUserTurn(new Message.UserTurn(2));
        screen.onText("A sail.", OptionalInt.empty());
        screen.onUserWord(new Message.UserWord(2, true, 4, "Why?"));
        screen.onUserTurn(new Message.UserTurn(5));
        screen.onUserWord(new Message.UserWord(3, true, 6, "Well"));
        screen.finish(new ChatStatistics(Duration.ZERO, Duration.ZERO, 2, 0));
        assertThat(shown.toString())
                .startsWith(String.join(
                        System.lineSeparator(), "A boat.", "You: What else", "A sail.", "You: Why?", "You: Well", ""));
    }

    @Test
    void warnsOfAnAnswerThatIsNotWhole() {
        ChatScreen screen = new ChatScreen(new PrintWriter(shown), false);
        screen.finish(new ChatStatistics(Duration.ofMillis(8100), Duration.ofMillis(1000), 0, 0));
        assertThat(shown.toString()).contains("Said 8.1 s, heard 1.0 s", "Warning", "slower than real time");
    }

    @Test
    void colorsTextByItsLevelAndLetsNoServerMoveTheCursor() {
        ChatScreen screen = new ChatScreen(new PrintWriter(shown), true);
        screen.onText(" sea", OptionalInt.of(10));
        screen.onText("\u001b[2J", OptionalInt.empty());
        assertThat(shown).hasToString("\u001b[38;2;247;155;55m sea\u001b[0m [2J");
    }
}
