package io.github.moshivis.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

/** The one model of a process. */
class ExecutorModelTest {
    @Test
    void aModelThatCannotBeClosedKeepsNoOtherFromBeingLoaded() throws Exception {
        AutoCloseable broken = () -> {
            throw new UnsupportedOperationException("close");
        };
        AutoCloseable next = () -> {};
        ExecutorModel.get(new String[] {"first"}, 1, () -> broken);

        assertThatIllegalStateException()
                .isThrownBy(() -> ExecutorModel.get(new String[] {"second"}, 1, () -> next))
                .withMessageContaining("cannot be closed");
        assertThat(ExecutorModel.get(new String[] {"second"}, 1, () -> next)
                        .submit(model -> model)
                        .get())
                .isSameAs(next);
        ExecutorModel.closeAll();
    }
}
