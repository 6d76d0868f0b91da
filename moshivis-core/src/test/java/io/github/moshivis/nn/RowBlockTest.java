package io.github.moshivis.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.tensor.Device;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Work is divided so that no piece is long. */
class RowBlockTest {
    @ParameterizedTest
    @CsvSource({"1,1,1", "1,100,1", "10,1,3", "1024,2654208,2147483648", "1024,14930000,2147483648", "7,5,1000"})
    void blocksCoverAllRowsAndNoneIsLarger(long rows, long cost, long most) {
        List<RowBlock> blocks = RowBlock.of(rows, cost, most);
        long next = 0;
        for (RowBlock block : blocks) {
            assertThat(block.from()).isEqualTo(next);
            assertThat(block.count()).isPositive();
            assertThat(block.count() == 1 || block.count() * cost <= most).isTrue();
            next += block.count();
        }
        assertThat(next).isEqualTo(rows);
    }

    /** The image encoder of the released model does 15 million multiplications a token and layer, for 1024 tokens. */
    @ParameterizedTest
    @CsvSource({"2654208,2", "14931456,8", "33554432,16"})
    void noPieceOfTheReleasedModelIsLongOnACpu(long cost, int pieces) {
        assertThat(RowBlock.of(1024, cost, RowBlock.most(Device.CPU))).hasSize(pieces);
    }
}
