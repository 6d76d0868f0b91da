package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.moshivis.load.LoadOptions;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Options say at once what they cannot be: not a number, less than nothing, absurdly much. Zero is a value. */
class OptionRangesTest {
    private static final int HUGE = Integer.MAX_VALUE;
    private static MoshiVis model;

    @BeforeAll
    static void load() {
        model = new FakeModel(1).model;
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Arguments refused(String found, String expected, Supplier<?> call) {
        return Arguments.of(found, expected, call);
    }

    static Stream<Arguments> outOfRange() {
        SessionOptions options = model.session();
        SamplingOptions sampling = SamplingOptions.defaults();
        LoadOptions load = LoadOptions.defaults();
        return Stream.of(
                refused("NaN", "0.001 to 100", () -> sampling.textTemperature(Double.NaN)),
                refused("-1", "0.001 to 100", () -> sampling.textTemperature(-1)),
                refused("1.0E300", "0.001 to 100", () -> sampling.textTemperature(1e300)),
                refused("NaN", "0.001 to 100", () -> sampling.audioTemperature(Double.NaN)),
                refused("-Infinity", "0.001 to 100", () -> sampling.audioTemperature(Double.NEGATIVE_INFINITY)),
                refused("Infinity", "0.001 to 100", () -> sampling.audioTemperature(Double.POSITIVE_INFINITY)),
                refused("-2", "no limit", () -> sampling.audioTopK(-2)),
                refused("-1", "no limit", () -> sampling.textTopK(-1)),
                refused("NaN", "_topp", () -> sampling.textTopP(Double.NaN)),
                refused("1.5", "_topp", () -> sampling.audioTopP(1.5)),
                refused("NaN", "repetition_penalty", () -> sampling.repetitionPenalty(Double.NaN)),
                refused("1000000000", "repetition_penalty", () -> sampling.repetitionPenalty(1e9)),
                refused("1.0E-9", "0.001 to 100", () -> sampling.textTemperature(1e-9)),
                refused("-0.1", "_topp", () -> sampling.textTopP(-0.1)),
                refused("found 0", "0.01 to 100", () -> sampling.repetitionPenalty(0)),
                refused("257", "0 to 256", () -> sampling.repetitionContext(257)),
                refused("1.5", "at least 0", () -> sampling.with(SamplingSetting.TEXT_TOP_K, 1.5)),
                refused("-1", "256", () -> sampling.repetitionContext(-1)),
                refused("2147483647", "256", () -> sampling.repetitionContext(HUGE)),
                refused("NaN", "pad_mult", () -> sampling.padMultiplier(Double.NaN)),
                refused("31", "pad_mult", () -> sampling.padMultiplier(31)),
                refused("NaN", "gate", () -> sampling.gateInfluence(Double.NaN)),
                refused("-0.1", "gate", () -> sampling.gateInfluence(-0.1)),
                refused("-1", "0 steps", () -> options.imageStart(-1)),
                refused("-1", "0 to 34359738368 steps", () -> options.pastSteps(-1)),
                refused("" + Long.MAX_VALUE, "0 to 34359738368 steps", () -> options.pastSteps(Long.MAX_VALUE)),
                refused("0", "1 pixel", () -> options.imageSize(0)),
                refused("PT0S", "more than zero", () -> options.maxDuration(Duration.ZERO)),
                refused("PT-1S", "zero or more", () -> options.waitForSlot(Duration.ofSeconds(-1))),
                refused("0", "threads must be from 1 to 1024", () -> load.threads(0)),
                refused("" + HUGE, "threads must be from 1 to 1024", () -> load.threads(HUGE)),
                refused("-1", "maxConversations must be from 1 to 4096", () -> load.maxConversations(-1)),
                refused("" + HUGE, "maxConversations must be from 1 to 4096", () -> load.maxConversations(HUGE)),
                refused("" + HUGE, "fixedBatch must be from 1 to 4096", () -> load.fixedBatch(HUGE)),
                refused("0", "maxImageSize must be from 1", () -> load.maxImageSize(0)),
                refused("" + HUGE, "maxImageSize must be from 1", () -> load.maxImageSize(HUGE)),
                refused("" + HUGE, "maxImageTokens must be from 1", () -> load.maxImageTokens(HUGE)),
                refused("tpu", "expected cpu, cuda, cuda:N", () -> load.device("tpu")),
                refused("cuda:-1", "expected cpu, cuda, cuda:N", () -> load.device("cuda:-1")),
                refused("-1", "CUDA", () -> load.cuda(-1)));
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void isRefusedWithWhatWasFoundAndExpected(String found, String expected, Supplier<?> call) {
        assertThatIllegalArgumentException().isThrownBy(call::get).withMessageContainingAll(found, expected);
    }

    @Test
    void zeroAndTheLargestAreValues() {
        SessionOptions options = model.session()
                .sampling(SamplingOptions.defaults()
                        .textTemperature(0)
                        .audioTemperature(0)
                        .textTopK(0)
                        .audioTopK(Integer.MAX_VALUE)
                        .textTopP(0)
                        .repetitionContext(0)
                        .padMultiplier(0)
                        .gateInfluence(0))
                .imageStart(Long.MAX_VALUE)
                .pastSteps(1L << 35)
                .seed(Long.MIN_VALUE)
                .maxDuration(Duration.ofSeconds(Long.MAX_VALUE))
                .waitForSlot(Duration.ofSeconds(Long.MAX_VALUE));
        try (Session session = options.open()) {
            assertThat(session.step(FakeModel.frame(0)).step()).isEqualTo(1L << 35);
            assertThat(session.step(FakeModel.frame(0)).output()).isPresent();
        }
    }

    @Test
    void aPictureOfAbsurdSizeIsRefusedWhenItsModelIsKnown() {
        SessionOptions options = model.session(FakeModel.picture(1)).imageSize(HUGE);
        assertThatIllegalArgumentException()
                .isThrownBy(options::open)
                .withMessageContainingAll("" + HUGE, "LoadOptions.maxImageSize");
    }
}
