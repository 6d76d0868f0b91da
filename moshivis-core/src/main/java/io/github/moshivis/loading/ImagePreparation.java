package io.github.moshivis.loading;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.io.Image;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Preparation of pictures for a model that sees images: from an image to its encoding.
 *
 * @param encoder null if the checkpoint has none: then only features are taken
 * @param maxImageSize pixels a side of the largest picture
 * @param maxTokens tokens of the largest picture
 * @param width numbers a token
 * @param device where the features go
 * @param file where the encoder should be, for messages
 */
public record ImagePreparation(
        ImageEncoder encoder, int maxImageSize, int maxTokens, int width, Device device, Path file) {
    /**
     * Decodes, resizes and normalizes a picture, on the caller's thread.
     *
     * @param size pixels a side; empty for the size of training, or the largest if that is smaller
     * @return starts the encoding, on the inference thread
     */
    public Supplier<ImageEncoder.Encoding> prepare(Image image, OptionalInt size, boolean centerCrop) {
        return image.features().map(this::given).orElseGet(() -> encoded(image, size, centerCrop));
    }

    private Supplier<ImageEncoder.Encoding> given(Image.Features features) {
        int found = features.values().length / features.tokens();
        if (found != width) {
            throw new IllegalArgumentException("Cannot take " + features.tokens() + " image tokens of " + found
                    + " values: expected " + width + " values a token (xa_dim). Give what this model's encoder, its"
                    + " projection and norm make of a picture");
        }
        if (features.tokens() > maxTokens) {
            throw new IllegalArgumentException("A picture of " + features.tokens() + " tokens does not fit into the "
                    + maxTokens + " that the model was loaded for. Use a smaller one, or load with"
                    + " LoadOptions.maxImageTokens(" + features.tokens() + ")");
        }
        return () -> new GivenFeatures(features, device);
    }

    private Supplier<ImageEncoder.Encoding> encoded(Image image, OptionalInt imageSize, boolean centerCrop) {
        if (encoder == null) {
            throw new CheckpointException("Cannot look at " + image.name() + ": found no image encoder, expected"
                    + " its tensors in " + file + ". Download that file in full, give Image.features, or talk without"
                    + " a picture");
        }
        int size = imageSize.orElse(Math.min(encoder.defaultImageSize(), maxImageSize));
        if (encoder.tokens(size) > maxTokens) {
            throw new IllegalArgumentException("The image size " + size + " is larger than the " + maxImageSize
                    + " that the model was loaded for. Use a smaller one, or load with LoadOptions.maxImageSize(" + size
                    + ")");
        }
        ImageEncoder.Prepared prepared = encoder.prepare(image, size, centerCrop);
        return () -> encoder.begin(prepared);
    }

    /** Precomputed features, which only have to be copied to the device. */
    private static final class GivenFeatures implements ImageEncoder.Encoding {
        private final Image.Features given;
        private final Device device;
        private Tensor features;

        GivenFeatures(Image.Features given, Device device) {
            this.given = given;
            this.device = device;
        }

        @Override
        public boolean advance() {
            if (features == null) {
                int width = given.values().length / given.tokens();
                try (Scope scope = Scope.open()) {
                    features = Tensor.of(given.values(), device, 1, given.tokens(), width)
                            .keep(); // [1, N, D]
                }
            }
            return false;
        }

        @Override
        public Tensor features() {
            if (features == null) {
                throw new IllegalStateException(
                        "The features of a picture were asked for before they are there;" + " call advance() first");
            }
            return features.view(features.shape());
        }

        @Override
        public void close() {
            if (features != null) {
                features.close();
            }
        }
    }
}
