package io.github.moshivis.vision;

import io.github.moshivis.io.Image;
import io.github.moshivis.layout.VisionConfig;
import io.github.moshivis.nn.RowBlock;
import io.github.moshivis.plugin.tensor.ImageEncoder;

/** The SigLIP encoder for square pictures of any size within limits. Immutable. */
final class SiglipEncoder implements ImageEncoder {
    /** Maximum patches per side: 16 times the released model's tokens; the widest tensor of a layer then has 282 MB in float32. */
    private static final int MAX_GRID = 128;

    /** Maximum pixels per side: 201 MB of pixel values. */
    private static final int MAX_SIDE = 4096;

    private final VisionConfig config;
    private final SiglipNetwork network;

    SiglipEncoder(VisionConfig config, SiglipNetwork network) {
        this.config = config;
        this.network = network;
    }

    SiglipNetwork network() {
        return network;
    }

    @Override
    public int defaultImageSize() {
        return config.imageSize();
    }

    @Override
    public int tokens(int imageSize) {
        requireSize(imageSize);
        int side = imageSize / config.patchSize();
        return side * side;
    }

    @Override
    public Prepared prepare(Image image, int imageSize, boolean centerCrop) {
        requireSize(imageSize);
        Image.Pixels decoded = ImageDecoder.decode(image);
        Image.Pixels chosen = centerCrop ? centerSquare(decoded) : decoded;
        Image.Pixels resized = BicubicResize.resize(chosen, imageSize, imageSize);
        return new Prepared(PixelValues.of(resized), imageSize);
    }

    /**
     * Crops to the largest square at the center, like the Rust reference's {@code center_crop}: of an odd surplus, the larger half is cut
     * off at the right or the bottom.
     *
     * @param source any size
     * @return a copy; the source itself if it is square
     */
    static Image.Pixels centerSquare(Image.Pixels source) {
        int side = Math.min(source.width(), source.height());
        if (source.width() == source.height()) {
            return source;
        }
        int left = (source.width() - side) / 2;
        int top = (source.height() - side) / 2;
        byte[] rgb = new byte[3 * side * side]; // [H, W, 3] -> [side, side, 3]
        for (int y = 0; y < side; y++) {
            int from = 3 * ((top + y) * source.width() + left);
            System.arraycopy(source.rgb(), from, rgb, 3 * side * y, 3 * side);
        }
        return new Image.Pixels(side, side, rgb);
    }

    @Override
    public SiglipEncoding begin(Prepared prepared) {
        requireSize(prepared.size());
        return begin(prepared.pixels(), prepared.size(), prepared.size());
    }

    /**
     * Starts to encode a picture that need not be square.
     *
     * @param pixels normalized, [3, height, width]
     */
    SiglipEncoding begin(float[] pixels, int height, int width) {
        if (pixels.length != 3 * height * width) {
            throw new IllegalArgumentException("Cannot encode a picture of " + height + " x " + width + " pixels from "
                    + pixels.length + " values, expected 3 x " + height + " x " + width
                    + "; pass what prepare returned");
        }
        return new SiglipEncoding(network, pixels, height, width, RowBlock.most(network.device()));
    }

    private void requireSize(int imageSize) {
        int largest = Math.max(config.imageSize(), Math.min(MAX_SIDE, MAX_GRID * config.patchSize()));
        if (imageSize < config.patchSize() || imageSize > largest) {
            throw new IllegalArgumentException("Cannot encode pictures at an image size of " + imageSize
                    + " pixels: expected " + config.patchSize() + " (one patch) to " + largest
                    + "; choose one, such as "
                    + config.imageSize() + ", which the encoder was trained with");
        }
    }
}
