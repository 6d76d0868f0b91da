package io.github.moshivis.train.nano;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Distance of two sounds: the mean difference of their spectra, linear and as logarithms of mel bands, at five resolutions. Belongs to
 * the scope that it was made in.
 */
final class CodecLoss {
    private static final int[] SIZES = {128, 256, 512, 1024, 2048};
    private static final int[] BANDS = {8, 16, 32, 48, 80};
    private static final double QUIETEST = 1e-4;

    private final List<Resolution> resolutions = new ArrayList<>();

    /**
     * A short-time Fourier transform.
     *
     * @param window [size]
     * @param bands mel bands, [bands, size / 2 + 1]
     */
    private record Resolution(int size, Tensor window, Tensor bands) {
        /** [B, T] -> [B, frames, size / 2 + 1]. */
        Tensor spectra(Tensor sound) {
            return SequenceOps.spectrum(
                    SequenceOps.frames(sound, size, size / 4).mul(window));
        }

        Tensor logBands(Tensor spectra) {
            return SequenceOps.log(Ops.clampMin(Ops.linear(spectra, bands), QUIETEST));
        }
    }

    CodecLoss() {
        for (int i = 0; i < SIZES.length; i++) {
            int size = SIZES[i];
            float[] window = new float[size];
            double norm = 0;
            for (int at = 0; at < size; at++) {
                window[at] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * at / size)); // Hann
                norm += window[at] * window[at];
            }
            for (int at = 0; at < size; at++) {
                window[at] /= (float) Math.sqrt(norm);
            }
            resolutions.add(new Resolution(
                    size,
                    Tensor.of(window, Device.CPU, size),
                    Tensor.of(bands(size, BANDS[i]), Device.CPU, BANDS[i], size / 2 + 1)));
        }
    }

    /** Triangles that overlap by half on the mel scale. */
    private static float[] bands(int size, int count) {
        int bins = size / 2 + 1;
        double top = mel(AudioSource.SAMPLE_RATE / 2.0);
        float[] bands = new float[count * bins];
        for (int band = 0; band < count; band++) {
            double sum = 0;
            for (int bin = 0; bin < bins; bin++) {
                double place = mel((double) bin * AudioSource.SAMPLE_RATE / size) / top * (count + 1) - band;
                double share = Math.max(0, 1 - Math.abs(place - 1));
                bands[band * bins + bin] = (float) share;
                sum += share;
            }
            for (int bin = 0; bin < bins && sum > 0; bin++) {
                bands[band * bins + bin] /= (float) sum;
            }
        }
        return bands;
    }

    private static double mel(double hertz) {
        return 2595 * Math.log10(1 + hertz / 700);
    }

    /**
     * The distance.
     *
     * @param sound [B, T]
     * @param wanted [B, T]
     * @param weights of the rows, [B]
     * @return [], over all rows and resolutions
     */
    Tensor of(Tensor sound, Tensor wanted, Tensor weights) {
        Tensor rows = weights.view(-1, 1, 1);
        Tensor sum = null;
        for (Resolution resolution : resolutions) {
            Tensor found = resolution.spectra(sound);
            Tensor expected = resolution.spectra(wanted);
            Tensor linear = SequenceOps.mean(Ops.abs(found.sub(expected)).mul(rows));
            Tensor logarithmic =
                    SequenceOps.mean(Ops.abs(resolution.logBands(found).sub(resolution.logBands(expected)))
                            .mul(rows));
            Tensor both = linear.add(logarithmic).mul(1.0 / SIZES.length);
            sum = sum == null ? both : sum.add(both);
        }
        return sum.to(DType.F32);
    }
}
