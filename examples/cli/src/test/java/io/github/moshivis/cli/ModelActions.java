package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.TranscriptionSession;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Precision;
import io.github.moshivis.load.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * A host's actions on whole models, with voices, roles, pictures, adapters, recordings and speech to text, beside what they must do. Used by one
 * thread.
 */
final class ModelActions {
    private static final int MAX_IMAGE = 70;
    private static final Path HANDLES = Path.of("/proc/self/fd");
    private static final List<Quantization> QUANTIZATIONS =
            List.of(Quantization.NONE, Quantization.Q8, Quantization.Q4, Quantization.AS_STORED);

    /** An action, and a number from which its details follow. */
    record Action(Kind kind, int number) {}

    enum Kind {
        LOAD,
        OPEN,
        STEP,
        PICTURE,
        CLOSE,
        LISTEN,
        HEAR,
        FLUSH,
        FALL_SILENT,
        CLOSE_MODEL,
        CLOSE_SPEECH_TO_TEXT
    }

    private static final class Talk {
        private final Session session;
        private final Path recording;
        private final boolean transcribed;
        private int steps;
        private boolean closed;

        Talk(Session session, Path recording, boolean transcribed) {
            this.session = session;
            this.recording = recording;
            this.transcribed = transcribed;
        }
    }

    private static final class Listening {
        private final TranscriptionSession session;
        private boolean closed;

        Listening(TranscriptionSession session) {
            this.session = session;
        }
    }

    private final Material material;
    private final Path directory;
    private final List<Talk> talks = new ArrayList<>();
    private final List<Listening> listenings = new ArrayList<>();
    private MoshiVis model;
    private SpeechToText stt;
    private boolean withVoices;
    private boolean withWords;
    private int slots;
    private boolean modelClosed;
    private boolean sttClosed;
    private int recordings;

    /**
     * Models and adapters beside those of the e2e set.
     *
     * @param personaPlex a model that takes voices
     * @param adapters of the model that takes none
     */
    record Material(Path personaPlex, List<Path> adapters) {}

    /**
     * Loads a first model.
     *
     * @param directory for recordings
     */
    ModelActions(Material material, Path directory) {
        this.material = material;
        this.directory = directory;
    }

    void run(Action action) throws IOException {
        if (model == null && action.kind != Kind.LOAD) {
            load(action.number);
        }
        int number = action.number;
        switch (action.kind) {
            case LOAD -> {
                end();
                load(number);
            }
            case OPEN -> open(number);
            case STEP -> of(talks, number, talk -> step(talk, number));
            case PICTURE -> of(talks, number, talk -> show(talk, number));
            case CLOSE -> of(talks, number, this::close);
            case LISTEN -> listen();
            case HEAR -> of(listenings, number, one -> hear(one, () -> one.session.step(frame(number))));
            case FLUSH -> of(listenings, number, one -> hear(one, one.session::flush));
            case FALL_SILENT ->
                of(listenings, number, one -> {
                    one.session.close();
                    one.closed = true;
                });
            case CLOSE_MODEL -> {
                model.close();
                modelClosed = true;
            }
            case CLOSE_SPEECH_TO_TEXT -> {
                stt.close();
                sttClosed = true;
            }
        }
        if (!modelClosed) {
            assertThat(model.freeSlots()).as("free slots").isEqualTo(slots - active());
        }
    }

    private interface Use<T> {
        void of(T one) throws IOException;
    }

    private static <T> void of(List<T> all, int number, Use<T> use) throws IOException {
        if (!all.isEmpty()) {
            use.of(all.get(number % all.size()));
        }
    }

    private static float[] frame(int number) {
        Random random = new Random(number);
        float[] frame = new float[Session.FRAME_SAMPLES];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = random.nextFloat() - 0.5f;
        }
        return frame;
    }

    private void load(int number) {
        Optional<Path> adapter = Optional.of(number / 384 % (1 + material.adapters.size()))
                .filter(one -> one > 0)
                .map(one -> material.adapters.get(one - 1));
        slots = 1 + number % 2;
        withVoices = number / 2 % 3 == 0;
        withWords = number / 6 % 2 == 0;
        LoadOptions options = LoadOptions.defaults()
                .maxConversations(slots)
                .quantization(QUANTIZATIONS.get(number / 12 % QUANTIZATIONS.size()))
                .precision(number / 48 % 2 == 0 ? Precision.F32 : Precision.BF16)
                .compactKeys(number / 96 % 2 == 0)
                .threads(1 + number / 192 % 2);
        stt = SpeechToText.load(Golden.path("stt/model"), LoadOptions.defaults().threads(1));
        if (withVoices) {
            adapter.ifPresent(one -> assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(() -> MoshiVis.load(material.personaPlex, options.adapter(one)))
                    .withMessageContaining(one.toString()));
            model = load(material.personaPlex, options);
        } else {
            LoadOptions sized = options.maxImageSize(MAX_IMAGE);
            model = load(Cli.MODEL, adapter.map(sized::adapter).orElse(sized));
        }
        modelClosed = false;
        sttClosed = false;
    }

    private MoshiVis load(Path files, LoadOptions options) {
        return withWords ? MoshiVis.load(files, options, stt) : MoshiVis.load(files, options);
    }

    private int active() {
        return (int) talks.stream().filter(talk -> !talk.closed).count();
    }

    /** Speech to text has one slot. */
    private boolean isListening() {
        return talks.stream().anyMatch(talk -> talk.transcribed && !talk.closed)
                || listenings.stream().anyMatch(one -> !one.closed);
    }

    private static Predicate<Throwable> type(Class<? extends Throwable> type) {
        return type::isInstance;
    }

    private static Predicate<Throwable> reason(EndReason reason) {
        return thrown -> thrown instanceof ConversationException ended && ended.reason() == reason;
    }

    private void open(int number) {
        boolean pictured = number % 3 == 0;
        int size = number % 2 == 0 ? MAX_IMAGE : 10 * MAX_IMAGE;
        boolean voiced = number / 3 % 3 == 0;
        String voice = number / 9 % 2 == 0 ? "TINY0" : "NATF9";
        boolean transcribed = number / 18 % 3 == 0;
        Path recording = number / 54 % 2 == 0 ? directory.resolve("talk-" + recordings++ + ".wav") : null;
        List<Predicate<Throwable>> problems = new ArrayList<>();
        note(problems, modelClosed, type(IllegalStateException.class));
        note(problems, pictured && withVoices, type(IllegalStateException.class));
        note(problems, pictured && size > MAX_IMAGE, type(IllegalArgumentException.class));
        note(problems, voiced && !withVoices, type(IllegalStateException.class));
        note(problems, voiced && voice.equals("NATF9"), type(IllegalArgumentException.class));
        note(problems, transcribed && (!withWords || sttClosed), type(IllegalStateException.class));
        note(problems, !modelClosed && active() == slots, reason(EndReason.BUSY));
        note(problems, transcribed && !sttClosed && isListening(), reason(EndReason.BUSY));

        Session[] opened = new Session[1];
        Throwable thrown = catchThrowable(() -> {
            SessionOptions options =
                    pictured ? model.session(Image.read(Cli.PICTURE)).imageSize(size) : model.session();
            options = voiced ? options.voice(voice).role("You enjoy cheese.") : options;
            options = transcribed ? options.transcribe(user -> user.restart(number % 2 == 0)) : options;
            opened[0] = (recording == null ? options : options.record(recording)).open();
        });
        if (problems.isEmpty()) {
            assertThat(thrown).isNull();
            assertThat(opened[0].userTranscription().isPresent()).isEqualTo(transcribed);
            talks.add(new Talk(opened[0], recording, transcribed));
        } else {
            assertThat(thrown).as("refusal").matches(found -> problems.stream().anyMatch(one -> one.test(found)));
        }
    }

    private static void note(List<Predicate<Throwable>> problems, boolean holds, Predicate<Throwable> problem) {
        if (holds) {
            problems.add(problem);
        }
    }

    private void expect(Talk talk, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        if (talk.closed) {
            assertThat(thrown).isInstanceOf(IllegalStateException.class);
        } else if (modelClosed) {
            assertThat(thrown).matches(reason(EndReason.MODEL_CLOSED));
        } else {
            assertThat(thrown).isNull();
        }
    }

    private void step(Talk talk, int number) {
        expect(talk, () -> {
            Reply reply = talk.session.step(frame(number));
            assertThat(reply.step()).as("step").isEqualTo(talk.steps);
            assertThat(reply.output().isPresent()).as("output").isEqualTo(withVoices || talk.steps > 0);
            talk.steps++;
        });
    }

    private void show(Talk talk, int number) {
        Throwable thrown =
                catchThrowable(() -> talk.session.image(Image.read(Cli.PICTURE), MAX_IMAGE, number % 2 == 0));
        if (talk.closed || withVoices) {
            assertThat(thrown).isInstanceOfAny(IllegalStateException.class, ConversationException.class);
        } else if (modelClosed) {
            assertThat(thrown).matches(reason(EndReason.MODEL_CLOSED).or(type(IllegalStateException.class)));
        } else {
            assertThat(thrown).isNull();
        }
    }

    private void close(Talk talk) throws IOException {
        talk.session.close();
        if (!talk.closed && talk.recording != null) {
            assertRecorded(talk);
        }
        talk.closed = true;
    }

    /** What is recorded of a talk is as long as the talk, in all its files. */
    private static void assertRecorded(Talk talk) throws IOException {
        if (talk.steps > 0) { // a WAV file without a sample is refused
            assertThat(samples(talk.recording))
                    .as("recorded samples")
                    .isEqualTo((long) talk.steps * AudioSource.FRAME_SAMPLES);
        }
        Path json = sibling(talk.recording, ".json");
        assertThat(new ObjectMapper().readTree(json.toFile()).get("steps").asInt())
                .isEqualTo(talk.steps);
        assertThat(sibling(talk.recording, ".safetensors")).isNotEmptyFile();
    }

    private static long samples(Path recording) throws IOException {
        long samples = 0;
        try (AudioSource source = WavFile.source(recording)) {
            source.open();
            float[] block = new float[AudioSource.FRAME_SAMPLES];
            for (int read = source.read(block, 0, block.length); read >= 0; ) {
                samples += read;
                read = source.read(block, 0, block.length);
            }
        }
        return samples;
    }

    private static Path sibling(Path recording, String ending) {
        return recording.resolveSibling(recording.getFileName().toString().replace(".wav", ending));
    }

    private void listen() {
        TranscriptionSession[] opened = new TranscriptionSession[1];
        Throwable thrown = catchThrowable(() -> opened[0] = stt.transcription().open());
        if (sttClosed) {
            assertThat(thrown).isInstanceOf(IllegalStateException.class);
        } else if (isListening()) {
            assertThat(thrown).matches(reason(EndReason.BUSY));
        } else {
            assertThat(thrown).isNull();
            listenings.add(new Listening(opened[0]));
        }
    }

    private void hear(Listening one, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        if (one.closed) {
            assertThat(thrown).isInstanceOf(IllegalStateException.class);
        } else if (sttClosed) {
            assertThat(thrown).matches(reason(EndReason.MODEL_CLOSED));
        } else {
            assertThat(thrown).isNull();
        }
    }

    /** Gives everything back, whatever has happened. */
    void release() {
        talks.forEach(talk -> talk.session.close());
        listenings.forEach(one -> one.session.close());
        talks.clear();
        listenings.clear();
        if (model != null) {
            model.close();
            stt.close();
            model = null;
        }
    }

    /** Gives everything back; no file stays open, and none is half written. */
    void end() throws IOException {
        for (Talk talk : talks) {
            close(talk);
        }
        release();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".partial"));
        }
        if (Files.isDirectory(HANDLES)) {
            try (Stream<Path> open = Files.list(HANDLES)) {
                assertThat(open.filter(Files::isSymbolicLink).map(ModelActions::target))
                        .as("open files")
                        .noneMatch(file -> file.startsWith(directory));
            }
        }
    }

    private static Path target(Path handle) {
        try {
            return Files.readSymbolicLink(handle);
        } catch (IOException e) {
            return handle; // closed meanwhile
        }
    }
}
