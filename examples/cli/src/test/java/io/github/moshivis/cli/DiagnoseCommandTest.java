package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiagnoseCommandTest {
    @Test
    void theEnvironmentIsPrinted() {
        Cli.Outcome outcome = Cli.run("diagnose", "--device", "cpu");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("platform:", "products on the CPU:", "devices:", "NVIDIA GPU:");
    }

    @Test
    void aDeviceThatCannotBeUsedFailsWithTheReason() {
        Cli.Outcome outcome = Cli.run("diagnose", "--device", "cuda:99");
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.out()).contains("devices:");
        assertThat(outcome.err()).contains("CUDA(99)", "NVIDIA GPU:");
    }
}
