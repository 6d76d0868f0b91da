package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.CheckpointException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of models where moshivis-hub is not on the class path, as it is not in core's own tests. */
class LoadByNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"owner/name", "owner/name@v1", "no/such/folder", "a\0b"})
    void aNameThatIsNothingOnTheDiskSaysWhichDependencyIsMissing(String name) {
        assertThatThrownBy(() -> MoshiVis.load(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        '"' + name + '"', "found no such file or directory", "io.github.moshivis:moshivis-hub");
    }

    @Test
    void whatIsOnTheDiskIsNoNameOfAHub(@TempDir Path empty) {
        assertThatThrownBy(() -> MoshiVis.load(empty.toString()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(empty.toString());
    }
}
