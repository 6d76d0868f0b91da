package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the user got wrong ends with exit code 2 and one line that says what, and leaves nothing written. */
class BadInputTest {
    @TempDir
    Path directory;

    private Path text;

    @BeforeEach
    void aTextFile() throws IOException {
        text = Files.writeString(directory.resolve("notes.txt"), "This is neither a sound nor a picture.\n".repeat(20));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --color=blue                        | Unknown option: '--color=blue'
                    --threads=many                       | '--threads' 'many' int
                    --threads=0                          | threads from 1 to 1024 found 0
                    --tail=-1                            | --tail seconds -1.0 at least 0
                    --tail=NaN                           | --tail NaN at least 0.0
                    --tail=long                          | '--tail' 'long'
                    --precision=f16                      | '--precision' 'f16' F32 BF16
                    --norms=mlx                          | '--norms' 'mlx' RUST
                    --image-size=0                       | maxImageSize from 1 to 7168 found 0
                    --xa-start=-1                        | imageStart at least 0 found -1
                    --text-temperature=-0.5              | text_temperature 0 or 0.001 to 100 -0.5
                    --audio-top-k=-3                     | audio_topk at least 0 -3
                    --text-top-p=95                      | text_topp 0 to 1 95
                    --audio-top-p=NaN                    | audio_topp 0 to 1 NaN
                    --repetition-penalty=0               | repetition penalty 0.01 found 0
                    --repetition-context=1000            | repetition context 256 1000
                    --pad-mult=-99                       | pad_mult -30 to 30 -99
                    --gate-influence=2                   | gate influence 0 to 1 found 2
                    --max-duration=0                     | --max-duration found 0.0 at least 0.001
                    --record=talk.mp3                    | recording talk.mp3 .wav
                    --image=a.png --no-image             | mutually exclusive
                    --greedy --text-temperature=0.5      | --greedy temperature 0.5
                    --in                                 | parameter '--in'
                    extra                                | Unmatched argument 'extra'
                    --model=no/such/model                | no/such/model found
                    --image=no/such/picture.png          | picture no/such/picture.png --image
                    --in=no/such/question.wav            | WAV no/such/question.wav
                    --out=no/such/directory/answer.wav   | --out no directory
                    --tokens=no/such/directory/t.json    | --tokens no directory
                    """)
    void refusesABadCommandLine(String options, String words) {
        refuses(words, Stream.of(options.split(" ")).toArray());
    }

    @Test
    void whoNamesNoCommandIsShownAll() {
        Cli.Outcome outcome = Cli.run();
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("Usage: moshivis", "run ", "chat ", "evaluate ", "bench ");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void tooLittleMemoryIsToldInOneLine() {
        StringWriter err = new StringWriter();
        Map<String, String> environment = new HashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public String get(Object key) {
                throw new OutOfMemoryError("Java heap space");
            }

            @Override
            public String getOrDefault(Object key, String otherwise) {
                throw new OutOfMemoryError("Java heap space");
            }
        };
        int exitCode = Main.commandLine(environment, new PrintWriter(new StringWriter()), new PrintWriter(err))
                .execute("download", "owner/name");

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("moshivis: Cannot go on: found too little memory (Java heap space)")
                .hasLineCount(1);
    }

    @Test
    void listsTheCommandsWithoutOne() {
        Cli.Outcome outcome = Cli.run();

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("Usage: moshivis", "Conversations:", "run ", "evaluate ");
    }

    @Test
    void namesTheHelpOfTheCommand() {
        assertThat(Cli.run("run", "--color=blue").err()).contains("moshivis run --help");
    }

    @Test
    void refusesTextAsSound() {
        refuses("notes.txt found text expected a WAV file", "--in", text);
    }

    @Test
    void refusesTextAsAPicture() {
        refuses("notes.txt picture PNG", "--image", text);
    }

    @Test
    void refusesTextAsAModel() {
        refuses("notes.txt", "--lm", text);
        refuses("notes.txt", "--mimi", text);
        refuses("notes.txt", "--tokenizer", text);
    }

    @Test
    void refusesATokenizerOfAnotherModel() throws IOException {
        // Two pieces, each a field 1 of the model message with a text (1) and a score (2).
        byte[] tokenizer = {0x0a, 0x03, 0x0a, 0x01, 'a', 0x0a, 0x03, 0x0a, 0x01, 'b'};
        Path file = Files.write(directory.resolve("other.model"), tokenizer);

        refuses("other.model", "--tokenizer", file);
    }

    @Test
    void refusesATruncatedModel() throws IOException {
        byte[] whole = Files.readAllBytes(Cli.MODEL.resolve("model.safetensors"));
        Path file = Files.write(directory.resolve("cut.safetensors"), Arrays.copyOf(whole, whole.length / 2));

        refuses("cut.safetensors", "--lm", file);
    }

    @Test
    void refusesATruncatedSound() throws IOException {
        byte[] whole = Files.readAllBytes(Cli.QUESTION);
        Path file = Files.write(directory.resolve("cut.wav"), Arrays.copyOf(whole, whole.length / 2));

        refuses("cut.wav header says cut short", "--in", file);
    }

    @Test
    void neverOverwritesWhatItReads() throws IOException {
        Path question = Files.copy(Cli.QUESTION, directory.resolve("question.wav"));
        Path picture = Files.copy(Cli.PICTURE, directory.resolve("picture.png"));

        refuses("--out same file", "--in", question, "--out", question);
        refuses("--out same file", "--image", picture, "--out", directory.resolve("./picture.png"));
        refuses("--tokens same file", "--tokens", directory.resolve("answer.wav"));
        refuses("--out directory", "--out", directory);

        assertThat(question).hasSameBinaryContentAs(Cli.QUESTION);
        assertThat(picture).hasSameBinaryContentAs(Cli.PICTURE);
    }

    @Test
    void saysOnRequestWhereAFailureComesFrom() {
        Cli.Outcome outcome = Cli.run("run", "--verbose", "--in", text, "--out", directory.resolve("answer.wav"));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("notes.txt", "MediaException", "\tat io.github.moshivis");
    }

    private void refuses(String words, Object... options) {
        Path answer = directory.resolve("answer.wav");
        Stream<Object> command = Stream.of("run", "--out", answer);
        boolean hasOut = Stream.of(options).anyMatch(option -> option.toString().startsWith("--out"));
        Cli.Outcome outcome = Cli.run(Stream.concat(hasOut ? Stream.of("run") : command, Stream.of(options))
                .toArray());

        assertThat(outcome.err().lines()).as(outcome.err()).hasSize(1);
        assertThat(outcome.err()).startsWith("moshivis: ").contains(words.split(" "));
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(answer).doesNotExist();
    }
}
