package io.github.moshivis.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** The log's lines are its own. */
class OneLineTest {
    @Test
    void textOfCallersCannotBeginALine() {
        LogRecord logged = new LogRecord(Level.WARNING, "found a\r\nFAKE \u001b[31m\u202e");
        logged.setThrown(new IOException("header\r\nFAKE", new IOException("body\u2028FAKE\u0085")));
        assertThat(new OneLine().format(logged))
                .contains("found a??FAKE ?[31m?", "IOException: header??FAKE", "IOException: body?FAKE?")
                .doesNotContainPattern("(?m)^FAKE");
    }
}
