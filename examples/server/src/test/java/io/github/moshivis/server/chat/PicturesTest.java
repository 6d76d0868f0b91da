package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Pictures of one caller. */
class PicturesTest {
    @Test
    void aPictureFindsAThreadAfterOneThatFoundNone() {
        List<Integer> shown = new ArrayList<>();
        AtomicBoolean full = new AtomicBoolean(true);
        Pictures pictures = new Pictures(
                new ByteBudget(100),
                task -> {
                    if (full.get()) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    task.run();
                },
                null);
        pictures.follow(picture -> shown.add((int) picture[0]));
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> pictures.take(new byte[] {1}));

        full.set(false);
        pictures.take(new byte[] {2});

        assertThat(shown).containsExactly(2);
    }
}
