package io.github.moshivis.loading;

import io.github.moshivis.load.CodecWeights;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Norms;
import io.github.moshivis.load.Quantization;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.weights.quant.MatrixForm;

/** Options of loading in the terms of the layers that carry them out, which the API does not show. */
public final class OptionForms {
    private OptionForms() {}

    /** The device that computes. */
    public static Device device(LoadOptions options) {
        return Device.parse(options.device());
    }

    /** The form in which the language model's matrices are held. */
    public static MatrixForm matrices(Quantization quantization) {
        if (quantization.group().isPresent()) {
            return MatrixForm.int4(quantization.group().getAsInt());
        }
        if (quantization.equals(Quantization.Q8)) {
            return MatrixForm.INT8;
        }
        return quantization.equals(Quantization.AS_STORED) ? MatrixForm.AS_STORED : MatrixForm.DENSE;
    }

    /** The forms in which the codec's matrices are held. */
    public static SpeechCodec.Forms codec(CodecWeights weights) {
        return switch (weights) {
            case EXACT -> SpeechCodec.Forms.EXACT;
            case BF16_DECODER -> new SpeechCodec.Forms(MatrixForm.LAID_OUT, MatrixForm.LAID_OUT_BF16);
            case BF16 -> new SpeechCodec.Forms(MatrixForm.LAID_OUT_BF16, MatrixForm.LAID_OUT_BF16);
            case INT8 -> new SpeechCodec.Forms(MatrixForm.LAID_OUT_INT8, MatrixForm.LAID_OUT_INT8);
        };
    }

    /** The norm of the depth transformer. */
    public static RmsNorm.Spec depthNorm(Norms norms) {
        return norms == Norms.PYTORCH ? RmsNorm.Spec.VARIANCE : RmsNorm.Spec.MEAN_OF_SQUARES;
    }

    /** The norm of the image projection. */
    public static RmsNorm.Spec imageNorm(Norms norms) {
        return norms == Norms.PYTORCH ? RmsNorm.Spec.VARIANCE_UNCAST : RmsNorm.Spec.MEAN_OF_SQUARES;
    }
}
