package io.github.moshivis.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.moshivis.errors.NativeException;
import org.junit.jupiter.api.Test;

class DeviceStreamTest {
    @Test
    void onTheCpuThereIsNothingToOrderOrToRecord() {
        try (DeviceStream stream = DeviceStream.enter(Device.CPU)) {
            stream.synchronize();
            assertThat(stream.newRecorder()).isNull();
        }
    }

    @Test
    void aGpuThatIsNotThereIsNamed() {
        Device absent = Device.cuda(99);
        assumeThat(LibTorch.devices()).doesNotContain(absent);
        assertThatThrownBy(() -> DeviceStream.enter(absent))
                .isInstanceOf(NativeException.class)
                .hasMessageContainingAll("CUDA(99)", "LibTorch reports", "-gpu classifier");
    }
}
