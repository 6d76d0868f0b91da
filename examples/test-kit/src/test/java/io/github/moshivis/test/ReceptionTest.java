package io.github.moshivis.test;

// sample: host-test
import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.MoshiVis;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@MoshiVisTest
class ReceptionTest {
    @Test
    void answersACaller(MoshiVis model) {
        ScriptedSource caller =
                ScriptedSource.script().tone(220, Duration.ofSeconds(1)).silence(Duration.ofSeconds(1));
        CollectingSink spoken = new CollectingSink();
        model.session().run(caller, spoken); // or the application's own code, given model, source and sink
        assertThat(spoken.duration()).isGreaterThan(Duration.ofSeconds(1));
    }
}
// end
