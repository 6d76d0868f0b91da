package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.engine.SlotLease;
import io.github.moshivis.engine.UserFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While somebody talks, a picture waits for him and not the other way round. Counted, not timed. */
@Timeout(60)
class PicturesBetweenTicksTest {
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

    /** Lets somebody say another frame, which waits when the piece is done. */
    private static void speak(SlotLease talker) {
        try {
            talker.put(UserFrame.of(FakeModel.frame(0))).thenRun(talker::taken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void betweenTwoTicksThereIsOnePieceThatIsLong() {
        try (SlotLease talker = fake.open();
                Session session = fake.model.session().open()) {
            fake.onPiece(() -> {
                speak(talker);
                pause();
                pieces.incrementAndGet();
            });
            count();
            session.image(FakeModel.picture(1));
        }
        assertThat(piecesBeforeTick).hasSize(FakeModel.PIECES).containsOnly(1);
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
