package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.moshivis.Conversation;
import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.audio.Loudness;
import io.github.moshivis.audio.OggOpus;
import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.audio.PcmLine;
import io.github.moshivis.audio.RawPcm;
import io.github.moshivis.audio.Resampled;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.ConvertOptions;
import io.github.moshivis.client.ChatClient;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioPipe;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.LoadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The exceptions that the API documents are those that it throws: each mistake of a host with its one type and its words. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractTest {
    private static final Path MODEL = Golden.path("e2e/model");

    private static final Duration AGES = Duration.ofSeconds(Long.MAX_VALUE);

    private Path directory;
    private MoshiVis model;
    private MoshiVis closed;
    private Path text;

    /** A mistake. */
    private interface Mistake {
        void make() throws Exception;
    }

    @BeforeAll
    void load(@TempDir Path given) throws IOException {
        directory = given;
        model = MoshiVis.load(MODEL);
        closed = MoshiVis.load(MODEL);
        closed.close();
        text = Files.writeString(directory.resolve("notes.txt"), "This is neither a sound nor a picture.".repeat(20));
    }

    @AfterAll
    void close() {
        model.close();
    }

    Stream<Arguments> mistakes() {
        return Stream.of(models(), conversations(), media(), checkpoints()).flatMap(rows -> rows);
    }

    private static Arguments row(String name, Class<? extends Exception> type, String words, Mistake mistake) {
        return arguments(name, type, words, mistake);
    }

    private Stream<Arguments> models() {
        Path nothing = directory.resolve("nothing");
        return Stream.of(
                row("load, no directory", CheckpointException.class, "nothing", () -> MoshiVis.load(nothing)),
                row("load, no name", IllegalArgumentException.class, "no such file", () -> MoshiVis.load("a b c")),
                row("load, a text", CheckpointException.class, "", () -> MoshiVis.load(text)),
                row("threads 0", IllegalArgumentException.class, "threads", () -> LoadOptions.defaults()
                        .threads(0)),
                row("session, closed model", IllegalStateException.class, "closed", () -> closed.session()
                        .open()));
    }

    private Stream<Arguments> conversations() {
        SessionOptions options = model.session();
        return Stream.of(
                row(
                        "picture file that is not there",
                        UncheckedIOException.class,
                        "cannot be read",
                        () -> model.session(directory.resolve("no.png"))),
                row("picture that is a text", MediaException.class, "", () -> model.session(text)
                        .open()),
                row("picture too large", IllegalArgumentException.class, "448", () -> model.session(text)
                        .image(Image.rgb(1, 1, new byte[3]))
                        .imageSize(4480)
                        .open()),
                row("no slot", ConversationException.class, "maxConversations", () -> {
                    try (Session taken = options.open()) {
                        options.open();
                    }
                }),
                row("frame of another length", IllegalArgumentException.class, "1920", () -> {
                    try (Session session = options.open()) {
                        session.step(new float[10]);
                    }
                }),
                row("step after close", IllegalStateException.class, "closed", () -> {
                    Session session = options.open();
                    session.close();
                    session.step(new float[Session.FRAME_SAMPLES]);
                }),
                row("frame that is no sound", MediaException.class, "NaN", () -> {
                    try (Session session = options.open()) {
                        float[] frame = new float[Session.FRAME_SAMPLES];
                        frame[3] = Float.NaN;
                        session.step(frame);
                    }
                }),
                row("more than maxDuration", ConversationException.class, "maxDuration", () -> {
                    try (Session session =
                            options.maxDuration(Duration.ofMillis(80)).open()) {
                        session.step(new float[Session.FRAME_SAMPLES]);
                        session.step(new float[Session.FRAME_SAMPLES]);
                    }
                }),
                row("setting out of range", IllegalArgumentException.class, "text_temperature", () -> {
                    try (Session session = options.open()) {
                        session.update(sampling -> sampling.textTemperature(-1));
                    }
                }),
                row("voice", IllegalStateException.class, "PersonaPlex", () -> options.voice("NATF0")
                        .open()),
                row("record without .wav", IllegalArgumentException.class, ".wav", () -> options.record(text)),
                row("record to no directory", MediaException.class, "talk.wav", () -> options.record(
                                directory.resolve("no/such/talk.wav"))
                        .open()),
                row(
                        "source that cannot be opened",
                        ConversationException.class,
                        "source cannot be opened",
                        () -> options.run(
                                new FailingSource(),
                                AudioPipe.droppingOldest(Duration.ofSeconds(1)).sink())),
                row(
                        "sound that is a text",
                        MediaException.class,
                        "notes.txt",
                        () -> options.run(
                                WavFile.source(text),
                                AudioPipe.droppingOldest(Duration.ofSeconds(1)).sink())),
                row("join in a listener", IllegalStateException.class, "itself", this::joinInListener));
    }

    /** A source whose device is not there. */
    private static final class FailingSource implements AudioSource {
        @Override
        public void open() throws IOException {
            throw new IOException("no device");
        }

        @Override
        public int read(float[] buffer, int offset, int length) {
            return -1;
        }

        @Override
        public void close() {}
    }

    private void joinInListener() throws Exception {
        AudioPipe voice = AudioPipe.blocking(Duration.ofSeconds(10));
        AudioPipe spoken = AudioPipe.droppingOldest(Duration.ofSeconds(1));
        Throwable[] failure = new Throwable[1];
        Conversation[] talk = new Conversation[1];
        try (Conversation conversation = model.session()
                .onReply(reply -> {
                    synchronized (talk) {
                        failure[0] = catchThrowable(talk[0]::join);
                    }
                })
                .start(voice.source(), spoken.sink())) {
            synchronized (talk) {
                talk[0] = conversation;
                voice.sink().write(new float[3 * AudioSource.FRAME_SAMPLES], 0, 3 * AudioSource.FRAME_SAMPLES);
            }
            voice.sink().close();
            conversation.join();
        }
        throw (Exception) failure[0];
    }

    private Stream<Arguments> media() {
        return Stream.of(
                row("WAV that is not there", MediaException.class, "no.wav", () -> WavFile.source(
                                directory.resolve("no.wav"))
                        .open()),
                row("WAV in no directory", MediaException.class, "a.wav", () -> WavFile.sink(
                                directory.resolve("no/a.wav"))
                        .open()),
                row("Opus that is a text", MediaException.class, "notes.txt", () -> {
                    try (AudioSource source = OggOpus.source(text)) {
                        source.open();
                    }
                }),
                row("read before open", IllegalStateException.class, "open()", () -> WavFile.source(text)
                        .read(new float[1], 0, 1)),
                row("write before open", IllegalStateException.class, "open()", () -> {
                    try (AudioSink sink = WavFile.sink(directory.resolve("a.wav"))) {
                        sink.write(new float[1], 0, 1);
                    }
                }),
                row("rate 0", IllegalArgumentException.class, "0", () -> Resampled.from(0, 1, new FailingSource())),
                row(
                        "pipe of no length",
                        IllegalArgumentException.class,
                        "capacity",
                        () -> AudioPipe.blocking(Duration.ZERO)),
                row(
                        "line of ages",
                        IllegalArgumentException.class,
                        "audio pipe",
                        () -> PcmLine.of(new RawPcm(8000, 1, PcmEncoding.SIGNED_16), AGES)),
                row("timeout of ages", IllegalArgumentException.class, "365 days", () -> ChatClient.to("host")
                        .connectTimeout(AGES)),
                row(
                        "loudness that is none",
                        IllegalArgumentException.class,
                        "LUFS",
                        () -> Loudness.normalized(new float[48_000], Double.NaN)),
                row(
                        "pixels beyond numbers",
                        IllegalArgumentException.class,
                        "13835058",
                        () -> Image.rgb(Integer.MAX_VALUE, Integer.MAX_VALUE, new byte[3])),
                row("negative silence", IllegalArgumentException.class, "zero or more", () -> new FailingSource()
                        .thenSilence(Duration.ofSeconds(-1))),
                row("pixels missing", IllegalArgumentException.class, "RGB", () -> Image.rgb(2, 2, new byte[3])),
                row(
                        "features that are no numbers",
                        IllegalArgumentException.class,
                        "finite",
                        () -> Image.features(1, new float[] {Float.NaN})));
    }

    private Stream<Arguments> checkpoints() {
        return Stream.of(
                row(
                        "open, nothing there",
                        CheckpointException.class,
                        "nothing",
                        () -> Checkpoint.open(directory.resolve("nothing"))),
                row("open, a text", CheckpointException.class, "notes.txt", () -> Checkpoint.open(text)
                        .verify()),
                row("convert onto itself", IllegalArgumentException.class, "what is read", () -> Checkpoint.open(MODEL)
                        .convert(
                                Checkpoint.Form.PYTORCH,
                                MODEL,
                                ConvertOptions.defaults().overwrite(true))),
                row(
                        "convert, ending of another form",
                        IllegalArgumentException.class,
                        ".safetensors",
                        () -> Checkpoint.open(MODEL)
                                .convert(
                                        Checkpoint.Form.PYTORCH,
                                        directory.resolve("a.gguf"),
                                        ConvertOptions.defaults())),
                row("convert onto a link that leads nowhere", CheckpointException.class, "leads nowhere", () -> {
                    Path link = directory.resolve("link");
                    Files.deleteIfExists(link);
                    Files.createSymbolicLink(link, directory.resolve("nothing/there"));
                    Checkpoint.open(MODEL).convert(Checkpoint.Form.PYTORCH, link, ConvertOptions.defaults());
                }),
                row("quantize to 3 bits", IllegalArgumentException.class, "4 or 8", () -> Checkpoint.open(MODEL)
                        .quantize(3, directory.resolve("q"), ConvertOptions.defaults())));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("mistakes")
    void aMistakeHasTheExceptionThatIsDocumented(
            String name, Class<? extends Exception> type, String words, Mistake mistake) {
        assertThat(catchThrowable(mistake::make))
                .as(name)
                .isExactlyInstanceOf(type)
                .hasMessageContaining(words);
        model.session().open().close(); // nothing keeps the slot
    }
}
