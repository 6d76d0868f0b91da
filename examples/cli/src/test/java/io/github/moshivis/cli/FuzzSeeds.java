package io.github.moshivis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.moshivis.Golden;
import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.client.Message;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.weights.file.GgufFile;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipFile;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Small valid files of all formats, from which mutations begin. */
final class FuzzSeeds {
    /** Kinds of pictures that the JDK writes differently: colors, alpha, palette, gray, 16 bits, bits. */
    private static final List<Integer> KINDS = List.of(
            BufferedImage.TYPE_INT_RGB,
            BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_BYTE_GRAY,
            BufferedImage.TYPE_USHORT_GRAY,
            BufferedImage.TYPE_BYTE_BINARY);

    /** 8 x 6 pixels, lossy and lossless: the JDK does not write WebP. */
    private static final List<String> WEBP = List.of(
            "UklGRkgAAABXRUJQVlA4IDwAAACwAQCdASoIAAYABUB8JbACdAD0Ma2oAP7Q+EE1JpcR/Q8ns7rsasEti1j7vU4Z5/d6Q39QYLgNIQoAAAA=",
            "UklGRkIAAABXRUJQVlA4TDYAAAAvB0ABAB+gkG0EOHSvz3GdQIDQJMmFezENEcz0L+EUZP6jeeQCD2QCFoTcLao+SxTR/wCY9zY=");

    private static final int SAMPLES = 480;

    private FuzzSeeds() {}

    /** Pictures of all kinds that the JDK writes, each also progressive where the format can be. */
    static List<byte[]> pictures(String format) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (int kind : KINDS) {
            BufferedImage picture = new BufferedImage(24, 17, kind);
            for (int i = 0; i < 24 * 17; i++) {
                picture.setRGB(i % 24, i / 24, 0xff000000 | i * 0x51f3);
            }
            ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
            for (int mode : List.of(ImageWriteParam.MODE_DISABLED, ImageWriteParam.MODE_DEFAULT)) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ImageWriteParam param = writer.getDefaultWriteParam();
                if (param.canWriteProgressive()) {
                    param.setProgressiveMode(mode);
                }
                try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
                    writer.setOutput(out);
                    writer.write(null, new IIOImage(picture, null, null), param);
                } catch (IOException | RuntimeException e) {
                    continue; // not a kind of this format
                }
                files.add(bytes.toByteArray());
            }
            writer.dispose();
        }
        return files;
    }

    static List<byte[]> webp() {
        return WEBP.stream().map(Base64.getDecoder()::decode).toList();
    }

    static List<byte[]> wav() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (PcmEncoding encoding : PcmEncoding.values()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            write(WavFile.sink(bytes, encoding, "seed"));
            files.add(bytes.toByteArray());
        }
        return files;
    }

    static List<byte[]> opus() throws IOException {
        Path file = Files.createTempFile("seed", ".opus");
        try {
            write(SoundFile.sink(file));
            return List.of(Files.readAllBytes(file));
        } finally {
            Files.delete(file);
        }
    }

    private static void write(AudioSink given) throws IOException {
        float[] tone = new float[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            tone[i] = 0.5f * (float) Math.sin(0.1 * i);
        }
        try (AudioSink sink = given) {
            sink.open();
            sink.write(tone, 0, SAMPLES);
        }
    }

    /** Messages of the wire protocol, of every kind. */
    static List<byte[]> messages() {
        return Stream.of(
                        Message.Handshake.CURRENT,
                        new Message.Audio(new byte[16]),
                        new Message.Text("\u00e9"),
                        new Message.Ping(),
                        new Message.Image(new byte[16]),
                        new Message.Metadata("{\"seed\":1}"),
                        new Message.Rating(4))
                .map(Message::encode)
                .toList();
    }

    /** A safetensors file up to its first tensor. */
    static List<byte[]> safetensorsHeader(Path path) throws IOException {
        byte[] file = Files.readAllBytes(path);
        long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return List.of(Arrays.copyOf(file, (int) length + Long.BYTES));
    }

    /** A GGUF file up to its first tensor. */
    static List<byte[]> ggufHeader(Path path) throws IOException {
        try (TensorFile file = GgufFile.open(path)) {
            long length = file.tensors().values().stream()
                    .mapToLong(StoredTensor::offset)
                    .min()
                    .orElseThrow();
            return List.of(Arrays.copyOf(Files.readAllBytes(path), (int) length));
        }
    }

    /** The unpacked archive of voices. */
    static List<byte[]> tar() throws IOException {
        try (InputStream packed = Files.newInputStream(Golden.path("personaplex/voices.tgz"));
                InputStream tar = new GZIPInputStream(packed)) {
            return List.of(tar.readAllBytes());
        }
    }

    /** Settings of a training. */
    static List<byte[]> trainings() {
        String settings =
                """
                data: {train_data: 'talks.jsonl:1,old:0.5', shuffle: true}
                moshi_paths: {moshi_path: 'nano'}
                run_dir: 'runs/picture'
                duration_sec: 17.6
                batch_size: 8
                max_steps: 3000
                noise: {model: 0.12, user: 0.04}
                vision: {enable: true}
                lora: {enable: true, rank: 32}
                optim: {lr: 4e-4, weight_decay: 0, pct_start: 0.1}
                """;
        return List.of(settings.getBytes(UTF_8));
    }

    /** Questions of an evaluation, of which one has a picture. */
    static List<byte[]> questions() {
        String questions =
                """
                {"id": "a", "question": "What?", "sound": "%s", "picture": "%s", "want": "A cross.", "kind": "see", "end_s": 1.5}
                {"i": 1, "question": "What?", "want": "A red cross.", "sound": "%s", "scene": [["red", "cross"]]}
                """;
        return List.of(
                questions.formatted(Cli.QUESTION, Cli.PICTURE, Cli.QUESTION).getBytes(UTF_8));
    }

    /** The pickle of a stored voice. */
    static List<byte[]> pickle(Path voice) throws IOException {
        try (ZipFile archive = new ZipFile(voice.toFile());
                InputStream pickle = archive.getInputStream(archive.stream()
                        .filter(entry -> entry.getName().endsWith(".pkl"))
                        .findFirst()
                        .orElseThrow())) {
            return List.of(pickle.readAllBytes());
        }
    }
}
