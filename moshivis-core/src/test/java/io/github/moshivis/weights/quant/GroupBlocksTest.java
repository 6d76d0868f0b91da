package io.github.moshivis.weights.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.tensor.Scope;
import io.github.moshivis.weights.file.StoredType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups are the numbers that {@link BlockDecoder} decodes, and nothing else. */
class GroupBlocksTest {
    private static final int ROWS = 5;
    private static final int COLUMNS = 96;

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"})
    void groupsAreWhatTheDecoderGives(StoredType type) {
        byte[][] rows = new byte[ROWS][COLUMNS / type.blockElements() * type.blockBytes()];
        Random random = new Random(3);
        for (byte[] row : rows) {
            random.nextBytes(row);
            for (int at = 0; at < row.length; at += type.blockBytes()) { // finite scales and offsets
                row[at + 1] &= 0x3F;
                row[at + 3] &= 0x3F;
            }
        }
        try (Scope scope = Scope.open()) {
            GroupBlocks layout = GroupBlocks.of(type).orElseThrow();
            GroupedWeights groups = layout.read(row -> rows[(int) row], COLUMNS, 1, ROWS - 1);
            float[] found = MatrixRows.of(groups).rows(0, ROWS - 1).toFloats();
            float[] exact = new float[(ROWS - 1) * COLUMNS];
            for (int row = 1; row < ROWS; row++) {
                for (int b = 0; b < COLUMNS / type.blockElements(); b++) {
                    int to = (row - 1) * COLUMNS + b * type.blockElements();
                    BlockDecoder.decode(type, rows[row], b * type.blockBytes(), exact, to);
                }
            }
            assertThat(found).containsExactly(exact);
        }
    }

    @Test
    void blocksWithScalesOfScalesAreNot() {
        assertThat(GroupBlocks.of(StoredType.Q4_K)).isEmpty();
        assertThat(GroupBlocks.of(StoredType.Q6_K)).isEmpty();
    }
}
