package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import io.github.moshivis.train.model.NativeHeap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Freed memory stays with the process: a block that is taken again costs no new pages. */
@EnabledOnOs(OS.LINUX)
class NativeHeapTest {
    private static final long BLOCK = 1 << 25;
    private static final long PAGE = 4096;

    @Test
    void aBlockThatIsTakenAgainNeedsNoNewPages() throws IOException {
        assertThat(NativeHeap.keepFreed()).isTrue();
        fill();
        long before = minorFaults();
        for (int i = 0; i < 4; i++) {
            fill();
        }
        assertThat(minorFaults() - before).isLessThan(BLOCK / PAGE);
    }

    private static void fill() {
        try (Memory block = new Memory(BLOCK)) {
            block.clear();
        }
    }

    /** Of this thread: the tenth field of {@code /proc/thread-self/stat}, counted from behind the name. */
    private static long minorFaults() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[7]);
    }
}
