package io.github.moshivis.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class FailureLogTest {
    @Test
    void aListenerThatAlwaysFailsIsLoggedTenTimes() {
        List<LogRecord> records = new ArrayList<>();
        Logger logger = Logger.getLogger(FailureLogTest.class.getName());
        logger.setFilter(logged -> !records.add(logged));
        FailureLog log = new FailureLog(System.getLogger(FailureLogTest.class.getName()), "A listener failed");

        for (int i = 0; i < 1000; i++) {
            log.warn(new AssertionError(i));
        }

        assertThat(records).hasSize(10);
        assertThat(records.get(0).getMessage()).isEqualTo("A listener failed");
        assertThat(records.get(9).getMessage()).isEqualTo("A listener failed; more failures are not logged");
        assertThat(records.get(9).getThrown()).hasMessage("9");
    }
}
