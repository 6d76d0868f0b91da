package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.TinyPersonaPlex;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.client.Message;
import io.github.moshivis.errors.MoshiVisException;
import io.github.moshivis.evaluate.EvaluationSet;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.train.tune.TuningFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A directory for files of fuzzed bytes, and the models that are used with them. */
final class FuzzPlace implements AutoCloseable {
    private final Path directory;
    private MoshiVis model;
    private MoshiVis talker;

    /**
     * Creates a place.
     *
     * @param directory an empty directory, removed by the caller
     */
    FuzzPlace(Path directory) {
        this.directory = directory;
    }

    /** Something to do with fuzzed bytes. */
    @FunctionalInterface
    private interface Use {
        void run() throws IOException;
    }

    /** Does each; exceptions of this library are refusals. */
    private static void each(Use... uses) throws IOException {
        for (Use use : uses) {
            try {
                use.run();
            } catch (MoshiVisException refused) {
                continue;
            }
        }
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    /** Begins a conversation about a picture. */
    void see(byte[] picture) throws IOException {
        if (model == null) {
            model = MoshiVis.load(Cli.MODEL);
        }
        each(() -> model.session(Image.encoded(picture)).open().close());
    }

    /** Reads a WAV file as file, as stream and by channels. */
    void hearWav(byte[] sound) throws IOException {
        Path file = file("sound.wav", sound);
        each(
                () -> drain(SoundFile.source(file)),
                () -> drain(WavFile.source(new ByteArrayInputStream(sound), "stream")),
                () -> SoundFile.duration(file),
                () -> WavFile.channels(file, 0, 1));
    }

    /** Reads an Ogg Opus file. */
    void hearOpus(byte[] sound) throws IOException {
        Path file = file("sound.opus", sound);
        each(() -> drain(SoundFile.source(file)), () -> SoundFile.duration(file));
    }

    private static void drain(AudioSource source) throws IOException {
        try (source) {
            source.open();
            float[] buffer = new float[4096];
            for (int count = 0; count >= 0; ) {
                count = source.read(buffer, 0, buffer.length);
            }
        }
    }

    /** Decodes a message of the wire protocol. */
    void decode(byte[] message) throws IOException {
        each(() -> Message.decode(ByteBuffer.wrap(message)));
    }

    /** Describes and checks a file of weights that starts with the bytes and is as long as another. */
    void describe(Path real, byte[] start) throws IOException {
        Path file = file(real.getFileName().toString(), start);
        extend(file, Files.size(real));
        each(() -> Checkpoint.open(file).describe(), () -> Checkpoint.open(file).verify());
    }

    private static void extend(Path file, long length) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(Math.max(length, opened.length()));
        }
    }

    /** Checks and loads the golden model with the bytes in place of the start of one of its files. */
    void load(Path real, byte[] start) throws IOException {
        Path copy = copied(Cli.MODEL, real.getFileName().toString());
        Path file = Files.write(copy.resolve(real.getFileName()), start);
        if (file.toString().endsWith(".safetensors")) {
            extend(file, Files.size(real));
        }
        each(() -> Checkpoint.open(copy).verify(), () -> MoshiVis.load(copy).close());
    }

    /** A copy of a model for changes of one of its files. */
    private Path copied(Path original, String changed) throws IOException {
        Path copy = directory.resolve("with-" + changed);
        if (!Files.exists(copy)) {
            Files.createDirectory(copy);
            try (Stream<Path> files = Files.list(original)) {
                for (Path file : files.toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
        }
        return copy;
    }

    /** Loads a PersonaPlex with the bytes in place of one of its files, and begins a conversation by a voice of its archive. */
    void loadRoles(String name, byte[] bytes) throws IOException {
        Path copy = copied(roles(), name);
        Files.write(copy.resolve(name), bytes);
        each(() -> {
            try (MoshiVis loaded = MoshiVis.load(copy)) {
                eachArgument(() -> loaded.session().voice("TINY0").open().close());
            }
        });
    }

    private Path roles() throws IOException {
        Path made = directory.resolve("roles");
        if (!Files.exists(made)) {
            TinyPersonaPlex.write(Files.createDirectory(made));
        }
        return made;
    }

    /** As {@link #loadRoles}, with an archive of voices from a tar file. */
    void unpack(byte[] tar) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(tar);
        }
        loadRoles("voices.tgz", packed.toByteArray());
    }

    /** Reads the settings of a training. */
    void train(byte[] settings) throws IOException {
        Path file = file("training.yaml", settings);
        eachArgument(() -> TuningFile.read(file));
    }

    /** Reads questions of an evaluation. */
    void ask(byte[] questions) throws IOException {
        Path file = file("questions.jsonl", questions);
        eachArgument(() -> EvaluationSet.read(file));
    }

    /** Does what is documented to refuse by an {@link IllegalArgumentException}. */
    private static void eachArgument(Use use) throws IOException {
        try {
            use.run();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("expected");
        }
    }

    /** Loads the golden model with an adapter whose configuration is the bytes. */
    void adapt(byte[] configuration) throws IOException {
        Path adapter = directory.resolve("adapter");
        if (!Files.exists(adapter)) {
            TinyAdapters.lowRank(adapter);
        }
        Files.write(adapter.resolve("config.json"), configuration);
        each(() -> MoshiVis.load(Cli.MODEL, LoadOptions.defaults().adapter(adapter))
                .close());
    }

    /** Begins a conversation by a stored voice whose pickle is the bytes. */
    void speakAs(Path real, byte[] pickle) throws IOException {
        if (talker == null) {
            talker = MoshiVis.load(roles());
        }
        Path file = directory.resolve("voice.pt");
        try (ZipFile archive = new ZipFile(real.toFile());
                OutputStream out = Files.newOutputStream(file);
                ZipOutputStream copy = new ZipOutputStream(out)) {
            for (Enumeration<? extends ZipEntry> entries = archive.entries(); entries.hasMoreElements(); ) {
                put(copy, archive, entries.nextElement(), pickle);
            }
        }
        each(() -> eachArgument(
                () -> talker.session().voice(file.toString()).open().close()));
    }

    private static void put(ZipOutputStream copy, ZipFile archive, ZipEntry entry, byte[] pickle) throws IOException {
        byte[] content = pickle;
        if (!entry.getName().endsWith(".pkl")) {
            try (InputStream in = archive.getInputStream(entry)) {
                content = in.readAllBytes();
            }
        }
        ZipEntry stored = new ZipEntry(entry.getName());
        CRC32 crc = new CRC32();
        crc.update(content);
        stored.setMethod(ZipEntry.STORED);
        stored.setSize(content.length);
        stored.setCrc(crc.getValue());
        copy.putNextEntry(stored);
        copy.write(content);
    }

    @Override
    public void close() {
        Stream.of(model, talker).filter(loaded -> loaded != null).forEach(MoshiVis::close);
    }
}
