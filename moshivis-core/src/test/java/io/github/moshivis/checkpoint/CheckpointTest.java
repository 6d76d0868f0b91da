package io.github.moshivis.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.checkpoint.Checkpoint.Size;
import io.github.moshivis.plugin.Providers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Core alone, as here, cannot write a model: the message says what to add. */
class CheckpointTest {
    @Test
    void withoutTheOtherModulesTheDependencyToAddIsNamedAndNothingWritten(@TempDir Path scratch) {
        assertThatThrownBy(() -> Checkpoint.random(Size.TINY, 1, scratch.resolve("model")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("no implementation", "Add the dependency io.github.moshivis:moshivis-vision");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void theCodecsDependencyIsNamed() {
        assertThatThrownBy(Providers::speechCodec)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Add the dependency io.github.moshivis:moshivis-audio");
    }
}
