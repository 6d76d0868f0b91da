package io.github.moshivis.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.github.moshivis.Leaks;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.names.TensorNames;
import org.junit.jupiter.api.Test;

class WeightPlanTest {
    @Test
    void notesWhatIsAskedForDerivedFromAndNotWhatIsSkippedOrOptional() {
        WeightPlan plan = WeightPlan.of(weights -> {
            assertThat(weights.has("optional")).isFalse();
            weights.skip("skipped");
            weights.at("layer").linear("matrix", 3, 2);
            Tensor derived =
                    weights.derive(() -> weights.tensor("kernel", 4, 5, 1).view(4, 5));
            assertThat(derived.shape()).containsExactly(4, 5);
        });
        assertThat(plan.tensors())
                .containsExactly(entry("layer.matrix", Shape.of(3, 2)), entry("kernel", Shape.of(4, 5, 1)));
    }

    @Test
    void placeholdersTakeNoMemoryAndAreFreed() {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        long resident = NativeMemory.residentBytes();
        WeightPlan.of(weights -> {
            Tensor huge = weights.tensor("huge", 1 << 20, 1 << 20);
            assertThat(huge.size(1)).isEqualTo(1 << 20);
        });
        Leaks.assertNone(before);
        assertThat(NativeMemory.residentBytes() - resident).isLessThan(1L << 30);
    }

    @Test
    void partsOfAFilesTensorBecomeTheWhole() {
        TensorNames names = TensorNames.builder()
                .rows("query", "all", "0", 1, 3)
                .rows("keyValue", "all", "1", 2, 3)
                .vector("norm", "alpha")
                .build();
        WeightPlan plan = WeightPlan.of(weights -> {
            weights.tensor("query", 4, 8);
            weights.tensor("keyValue", 8, 8);
            weights.tensor("norm", 8);
        });
        assertThat(plan.inFile(names, StoredType.BF16))
                .containsExactly(
                        entry("query", TensorSpec.of("all", StoredType.BF16, 12, 8)),
                        entry("norm", TensorSpec.of("alpha", StoredType.BF16, 1, 1, 8)));
    }

    @Test
    void aTableWithoutAPlaceForATensorIsNamed() {
        WeightPlan plan = WeightPlan.of(weights -> weights.tensor("new.tensor", 1));
        TensorNames names = TensorNames.builder().name("other", "other").build();
        assertThatThrownBy(() -> plan.inFile(names, StoredType.F32))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("new.tensor", "no place", "table");
    }

    @Test
    void partsThatContradictEachOtherAreNamed() {
        WeightPlan plan = WeightPlan.of(weights -> {
            weights.tensor("one", 4, 8);
            weights.tensor("two", 4, 9);
        });
        TensorNames names =
                TensorNames.builder().name("one", "both").name("two", "both").build();
        assertThatThrownBy(() -> plan.inFile(names, StoredType.F32))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("'two'", "'both'", "[4, 9]", "[4, 8]");
    }
}
