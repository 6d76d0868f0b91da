package io.github.moshivis.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.MoshiVis;
import org.junit.jupiter.api.Test;

/** A bundled model without its artifact: this module does not depend on it. */
class BundledModelTest {
    @Test
    void theDependencyToAddIsNamed() {
        assertThatIllegalStateException()
                .isThrownBy(MoshiVis::nano)
                .withMessageContaining("Add the dependency io.github.moshivis:moshivis-nano");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MoshiVis.load("nano"))
                .withMessageContaining("io.github.moshivis:moshivis-nano");
    }

    @Test
    void namesThatLeaveTheFolderAreOfNoModel() {
        assertThat(BundledModel.find("../nano")).isEmpty();
        assertThat(BundledModel.find("owner/name")).isEmpty();
    }
}
