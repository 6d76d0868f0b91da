/** Picture formats and the image encoder, found by core as a service: nothing here is for host applications. */
@SuppressWarnings("requires-automatic") // The readers of WebP and EXIF have no descriptors.
module io.github.moshivis.vision {
    requires com.twelvemonkeys.imageio.webp;
    requires io.github.moshivis;
    requires java.desktop;
    requires metadata.extractor;

    provides io.github.moshivis.plugin.tensor.ImageEncoder.Provider with
            io.github.moshivis.vision.SiglipProvider;
}
