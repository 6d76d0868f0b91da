package io.github.moshivis.train.data;

import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.io.SourceReader;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.load.UserAlignment;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.text.TextEncoder;
import io.github.moshivis.train.model.DelayedCodes;
import io.github.moshivis.train.model.MimiSequence;
import io.github.moshivis.train.model.SiglipSequence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Stretches of recordings as tokens: sound by the codec, words by the vocabulary, pictures by the image encoder, none of which is
 * trained. The last results are kept. Thread-safe; a thread reads in a scope for training.
 */
public final class DialogueReader {
    /** Kept recordings take at most this part of the heap, one eighth, and so do kept pictures. */
    private static final int HEAP_SHARE = 8;

    private static final int VOICES = 2;

    private final ModelConfig config;
    private final MimiSequence codec;
    private final TextEncoder words;
    private final Vision vision;
    private final double duration;
    private final UserAlignment alignment;
    private final Device device;
    private final Recent<Stretch, long[][]> codes = kept(tokens -> Arrays.stream(tokens)
            .mapToLong(stream -> (long) stream.length * Long.BYTES)
            .sum());
    private final Recent<Path, float[]> pictures = kept(picture -> (long) picture.length * Float.BYTES);

    /**
     * Image encoder and its input.
     *
     * @param pixels decodes and resizes pictures
     * @param encoder makes tokens of them
     * @param size pixels a side
     */
    public record Vision(ImageEncoder pixels, SiglipSequence encoder, int size) {}

    /**
     * Reads for a model.
     *
     * @param config its sizes
     * @param codec with as many codebooks as a voice has streams
     * @param words of its vocabulary
     * @param vision null for a model without vision
     * @param duration seconds of a stretch
     * @param alignment when the trained model hears a frame of the user's in a conversation
     * @param device of codec and image encoder
     */
    public DialogueReader(
            ModelConfig config,
            MimiSequence codec,
            TextEncoder words,
            Vision vision,
            double duration,
            UserAlignment alignment,
            Device device) {
        this.config = config;
        this.codec = codec;
        this.words = words;
        this.vision = vision;
        this.duration = duration;
        this.alignment = alignment;
        this.device = device;
    }

    private static <K, V> Recent<K, V> kept(ToLongFunction<V> bytes) {
        return new Recent<>(Runtime.getRuntime().maxMemory() / HEAP_SHARE, bytes);
    }

    /**
     * Frames of a row: those of a whole stretch.
     *
     * @return the number
     */
    public int frames() {
        return (int) Math.ceil(Math.round(duration * AudioSource.SAMPLE_RATE) / (double) AudioSource.FRAME_SAMPLES);
    }

    /**
     * Reads a stretch.
     *
     * @param stretch of a recording
     * @return its tokens; columns after its end have none
     * @throws IllegalArgumentException if its words or channels are not as they must be
     * @throws io.github.moshivis.errors.MediaException if the sound or the picture cannot be read
     */
    public Dialogue read(Stretch stretch) {
        return new Dialogue(
                codes.get(stretch, this::tokens),
                stretch.image()
                        .filter(image -> vision != null)
                        .map(image -> pictures.get(image, this::look))
                        .orElse(null));
    }

    private long[][] tokens(Stretch stretch) {
        float[][] channels = WavFile.channels(stretch.sound(), stretch.start(), duration);
        if (channels.length != VOICES) {
            throw new IllegalArgumentException("Cannot train on " + stretch.sound() + ": found " + channels.length
                    + " channels, expected " + VOICES + ", the model's voice left and the user's right");
        }
        for (int voice = 0; voice < VOICES; voice++) {
            SourceReader.requireSound(
                    channels[voice],
                    Math.round(stretch.start() * AudioSource.SAMPLE_RATE),
                    "channel " + voice + " of " + stretch.sound());
        }
        long[][] result = new long[config.lm().streams()][frames()];
        for (long[] stream : result) {
            Arrays.fill(stream, DelayedCodes.NONE);
        }
        int model = config.lm().modelCodebooks();
        int frames = encode(channels[0], Arrays.copyOfRange(result, 1, 1 + model), 0);
        // Training reads a frame one step after it was said; a conversation may read it at once.
        encode(channels[1], Arrays.copyOfRange(result, 1 + model, result.length), 1 - alignment.lag());
        List<Word> spoken = Recordings.words(stretch, duration);
        long[] track = TextTrack.of(spoken, frames, words, config.lm().paddingToken());
        System.arraycopy(track, 0, result[0], 0, frames);
        return result;
    }

    /** Writes the codes of a voice into its streams, some frames earlier than they are said, and returns how many frames there are. */
    private int encode(float[] samples, long[][] streams, int earlier) {
        int frames = Math.min(frames(), (samples.length + AudioSource.FRAME_SAMPLES - 1) / AudioSource.FRAME_SAMPLES);
        if (frames == 0) {
            return 0;
        }
        float[] whole = Arrays.copyOf(samples, frames * AudioSource.FRAME_SAMPLES);
        long[] found = Autograd.withoutGradient(() -> {
            try (Scope scope = Scope.open()) {
                Tensor latent = codec.encode(Tensor.of(whole, device, 1, 1, whole.length));
                return codec.quantize(latent).codes().toLongs(); // [1, K, frames]
            }
        });
        for (int k = 0; k < streams.length; k++) {
            System.arraycopy(found, k * frames + earlier, streams[k], 0, frames - earlier);
        }
        return frames;
    }

    private static Image read(Path image) {
        try {
            return Image.read(image);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read the picture " + image + ": found " + e + ", expected a readable file", e);
        }
    }

    private float[] look(Path image) {
        float[] pixels = vision.pixels.prepare(read(image), vision.size, false).pixels();
        return Autograd.withoutGradient(() -> {
            try (Scope scope = Scope.open()) {
                return vision.encoder
                        .tokens(Tensor.of(pixels, device, 1, 3, vision.size, vision.size))
                        .toFloats();
            }
        });
    }
}
