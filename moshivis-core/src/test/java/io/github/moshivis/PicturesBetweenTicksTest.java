package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Talking.Collector;
import io.github.moshivis.Talking.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While others talk, a picture waits for them and not the other way round. Counted, not timed. */
@Timeout(60)
class PicturesBetweenTicksTest {
    private static final int FRAME = Session.FRAME_SAMPLES;

    /** Longer than what pictures may take between two ticks, and not longer than a frame. */
    private static final long LONG_PIECE = 30;

    private final FakeModel fake = new FakeModel(4);
    private final AtomicInteger pieces = new AtomicInteger();
    private final List<Integer> piecesBeforeTick = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        fake.model.close();
    }

    private void count() {
        fake.onTick(() -> piecesBeforeTick.add(pieces.getAndSet(0)));
    }

    private static void pause() {
        try {
            Thread.sleep(LONG_PIECE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void betweenTwoTicksThereIsOnePieceThatIsLong() {
        fake.onPiece(() -> {
            pause();
            pieces.incrementAndGet();
        });
        List<Conversation> talks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            talks.add(fake.model.session().start(new Samples(2000 * FRAME), new Collector()));
        }
        try (Session session = fake.model.session().open()) {
            count();
            session.image(FakeModel.picture(1));
        }
        talks.forEach(Conversation::close);
        assertThat(piecesBeforeTick.stream().mapToInt(Integer::intValue).sum() + pieces.get())
                .as("all pieces of the picture")
                .isEqualTo(FakeModel.PIECES);
        assertThat(piecesBeforeTick).allMatch(count -> count <= 1).hasSizeGreaterThanOrEqualTo(FakeModel.PIECES);
    }

    @Test
    void whileNobodyTalksThePictureIsDoneAtOnce() {
        fake.onPiece(pieces::incrementAndGet);
        count();
        try (Session session = fake.model.session().open()) {
            session.image(FakeModel.picture(1));
            assertThat(pieces).hasValue(FakeModel.PIECES);
            session.step(FakeModel.frame(0));
        }
        assertThat(piecesBeforeTick).containsExactly(FakeModel.PIECES);
    }
}
