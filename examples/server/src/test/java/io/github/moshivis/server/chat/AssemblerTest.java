package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Messages from parts, and what is taken from the budget for pictures meanwhile. */
class AssemblerTest {
    private final ByteBudget budget = new ByteBudget(1000);
    private final Assembler assembler = new Assembler(800, budget);

    private Optional<byte[]> add(boolean last, int... bytes) throws Assembler.TooLargeException {
        byte[] part = new byte[bytes.length];
        for (int i = 0; i < part.length; i++) {
            part[i] = (byte) bytes[i];
        }
        return assembler.add(ByteBuffer.wrap(part), last);
    }

    @Test
    void partsBecomeMessages() throws Exception {
        assertThat(add(true, 1, 2)).hasValue(new byte[] {1, 2});
        assertThat(add(false, 1)).isEmpty();
        assertThat(add(false)).isEmpty();
        assertThat(add(false, 2, 3)).isEmpty();
        assertThat(add(true, 4)).hasValue(new byte[] {1, 2, 3, 4});
        assertThat(add(true)).hasValue(new byte[0]);
        assertThat(budget.used()).as("only pictures are charged").isZero();
    }

    @Test
    void aPictureIsChargedAsItComesAndItsTakerGivesItBack() throws Exception {
        add(false, 8);
        add(false, 1, 2, 3);
        assertThat(budget.used()).isEqualTo(3);
        assertThat(add(true, 4).orElseThrow()).hasSize(5);
        assertThat(budget.used()).isEqualTo(4);
    }

    @Test
    void aPictureThatIsNeverCompleteIsGivenBack() throws Exception {
        add(false, 8, 1, 2, 3);
        assembler.close();
        assembler.close();
        assertThat(budget.used()).isZero();
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItIsThere() throws Exception {
        assembler.add(ByteBuffer.wrap(picture(500)), false);
        assertThatThrownBy(() -> assembler.add(ByteBuffer.allocate(400), false))
                .isInstanceOf(Assembler.TooLargeException.class)
                .hasMessageContainingAll("800", "picture", "smaller");
        assertThat(budget.used()).isZero();
        assertThat(add(true, 1)).as("the rest of it is passed over").isEmpty();
    }

    @Test
    void allPicturesTogetherHaveABound() throws Exception {
        assertThat(budget.take(500)).isTrue();
        assembler.add(ByteBuffer.wrap(picture(400)), false);
        assertThatThrownBy(() -> assembler.add(ByteBuffer.allocate(200), false)).hasMessageContaining("no room");
        assertThat(budget.used()).isEqualTo(500);
    }

    private static byte[] picture(int size) {
        byte[] part = new byte[1 + size];
        part[0] = Assembler.IMAGE;
        return part;
    }
}
