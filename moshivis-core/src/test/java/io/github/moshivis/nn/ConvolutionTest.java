package io.github.moshivis.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.stream.ConvolutionTail;
import io.github.moshivis.stream.ConvolutionTail.Start;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions against loops over their definition, [channel][time] as in the reference, in chunks and whole. */
class ConvolutionTest {
    private static final double TOLERANCE = 1e-5;
    private static final int STEPS = 24;

    private final Random random = new Random(7);

    private float[] noise(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private interface Layer {
        Tensor forward(Tensor x, Rows rows);
    }

    /** Runs x [time][channel] through a layer in calls of some steps. */
    private static float[] stream(float[] x, int channels, int stepsPerCall, Layer layer) {
        Tensor whole = Tensor.of(x, Device.CPU, 1, STEPS, channels);
        Tensor[] parts = new Tensor[STEPS / stepsPerCall];
        for (int i = 0; i < parts.length; i++) {
            Tensor part = whole.narrow(1, (long) i * stepsPerCall, stepsPerCall);
            parts[i] = layer.forward(part, Rows.all(Device.CPU, 1));
        }
        return Ops.cat(1, parts).toFloats();
    }

    @ParameterizedTest
    @CsvSource({"1,5,7,1", "3,4,3,1", "6,1,3,1", "4,8,8,4", "3,3,4,2", "5,2,1,1", "2,3,5,2"})
    void causalConvolution(int in, int out, int kernel, int stride) {
        float[] x = noise(STEPS * in);
        float[] weight = noise(out * in * kernel);
        float[] bias = noise(out);
        for (Start start : Start.values()) {
            float[] expected = new float[STEPS / stride * out];
            for (int t = 0; t < STEPS / stride; t++) {
                for (int o = 0; o < out; o++) {
                    double sum = bias[o];
                    for (int k = 0; k < kernel; k++) {
                        int from = t * stride - (kernel - stride) + k;
                        for (int c = 0; c < in; c++) {
                            float past = start == Start.ZEROS ? 0 : x[c];
                            sum += weight[(o * in + c) * kernel + k] * (from < 0 ? past : x[from * in + c]);
                        }
                    }
                    expected[t * out + o] = (float) sum;
                }
            }
            for (int calls : new int[] {1, 2, STEPS / stride}) {
                try (Scope scope = Scope.open()) {
                    Tensor matrix = CausalConvolution.productForm(Tensor.of(weight, Device.CPU, out, in, kernel));
                    Linear product = Linear.of(matrix, Tensor.of(bias, Device.CPU, out));
                    CausalConvolution layer = new CausalConvolution(product, in, kernel, stride);
                    try (ConvolutionTail tail = layer.newTail(1, start, Device.CPU)) {
                        float[] actual = stream(x, in, STEPS / calls, (part, rows) -> layer.forward(part, tail, rows));
                        Golden.assertClose(start + " in " + calls + " calls", actual, expected, TOLERANCE);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4,2,4", "3,5,1", "2,1,5"})
    void transposedConvolution(int in, int out, int stride) {
        float[] x = noise(STEPS * in);
        float[] weight = noise(in * out * 2 * stride);
        float[] bias = noise(out);
        double[] sums = new double[(STEPS + 1) * stride * out];
        for (int t = 0; t < STEPS; t++) {
            for (int c = 0; c < in; c++) {
                for (int o = 0; o < out; o++) {
                    for (int k = 0; k < 2 * stride; k++) {
                        sums[(t * stride + k) * out + o] += x[t * in + c] * weight[(c * out + o) * 2 * stride + k];
                    }
                }
            }
        }
        float[] expected = new float[STEPS * stride * out]; // the last kernel - stride steps are dropped
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (float) (sums[i] + bias[i % out]);
        }
        for (int calls : new int[] {1, 3, STEPS}) {
            try (Scope scope = Scope.open()) {
                Tensor kernel = Tensor.of(weight, Device.CPU, in, out, 2L * stride);
                Tensor biases = TransposedConvolution.productForm(Tensor.of(bias, Device.CPU, out), stride);
                Linear product = Linear.of(TransposedConvolution.productForm(kernel), biases);
                TransposedConvolution layer = new TransposedConvolution(product, in, stride);
                try (ConvolutionTail tail = layer.newTail(1, Device.CPU)) {
                    float[] actual = stream(x, in, STEPS / calls, (part, rows) -> layer.forward(part, tail, rows));
                    Golden.assertClose("in " + calls + " calls", actual, expected, TOLERANCE);
                }
            }
        }
    }

    @Test
    void depthwiseUpsamplingIsATransposedConvolutionOfEachChannel() {
        int channels = 3;
        int stride = 2;
        float[] x = noise(STEPS * channels);
        float[] weight = noise(channels * 2 * stride);
        double[] sums = new double[(STEPS + 1) * stride * channels];
        for (int t = 0; t < STEPS; t++) {
            for (int c = 0; c < channels; c++) {
                for (int k = 0; k < 2 * stride; k++) {
                    sums[(t * stride + k) * channels + c] += x[t * channels + c] * weight[c * 2 * stride + k];
                }
            }
        }
        float[] expected = new float[STEPS * stride * channels];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (float) sums[i];
        }
        for (int calls : new int[] {1, 4, STEPS}) {
            try (Scope scope = Scope.open()) {
                Tensor kernel = Tensor.of(weight, Device.CPU, channels, 1, 2L * stride);
                DepthwiseUpsampling layer = new DepthwiseUpsampling(
                        DepthwiseUpsampling.half(kernel, 0), DepthwiseUpsampling.half(kernel, 1));
                try (ConvolutionTail tail = layer.newTail(1, Device.CPU)) {
                    float[] actual =
                            stream(x, channels, STEPS / calls, (part, rows) -> layer.forward(part, tail, rows));
                    Golden.assertClose("in " + calls + " calls", actual, expected, TOLERANCE);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "9"})
    void productsOfFewRowsEqualThoseOfMany(int rows) {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(noise(rows * 13), Device.CPU, 1, rows, 13);
            Tensor weight = Tensor.of(noise(7 * 13), Device.CPU, 7, 13);
            Tensor bias = Tensor.of(noise(7), Device.CPU, 7);
            Tensor product = Linear.of(weight, bias).forward(x);
            assertThat(product.shape()).containsExactly(1, rows, 7);
            Golden.assertClose(
                    "product", product.toFloats(), Ops.linear(x, weight, bias).toFloats(), TOLERANCE);
            Golden.assertClose(
                    "without bias",
                    Linear.of(weight).forward(x).toFloats(),
                    Ops.linear(x, weight).toFloats(),
                    TOLERANCE);
        }
    }
}
