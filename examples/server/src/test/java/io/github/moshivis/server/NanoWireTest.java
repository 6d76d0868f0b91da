package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.client.Message;
import io.github.moshivis.load.BundledModel;
import io.github.moshivis.load.BundledModel.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The nano model on the reference's wire: callers at the same time, each told about its own picture, also after another one. */
class NanoWireTest {
    /** Frames of 80 ms in which the longest answer is over. */
    private static final int ANSWER_FRAMES = 55;

    private static final BundledModel NANO = BundledModel.nano();

    @Test
    void callersAtOnceAreToldAboutTheirOwnPicturesAlsoAfterAChange() throws IOException {
        Picture red = NANO.picture("a red heart");
        Picture two = NANO.picture("a green triangle and an orange circle");
        Picture three = NANO.picture("a purple cross, a red circle and a blue heart");
        try (TestServer server = TestServer.nano()) {
            server.start();
            List<TestCaller> callers = List.of(call(server, red), call(server, three));

            assertThat(ask(callers, "What do you see?"))
                    .containsExactly(right("What do you see?", red), right("What do you see?", three));

            callers.get(0).send(new Message.Image(Files.readAllBytes(two.file())));
            assertThat(ask(callers, "How many shapes are there?"))
                    .containsExactly(
                            right("How many shapes are there?", two), right("How many shapes are there?", three));
        }
    }

    private static TestCaller call(TestServer server, Picture picture) throws IOException {
        TestCaller caller = server.call("audio_format=pcm&text_format=plain&repetition_penalty=1&xa_start=0");
        caller.send(new Message.Image(Files.readAllBytes(picture.file()))).next(Message.Handshake.class);
        return caller;
    }

    private static String right(String question, Picture picture) {
        return NANO.question(question).answer(picture).orElseThrow();
    }

    /** All callers say the same, never more than one frame ahead of the answers; returns what each is told. */
    private static List<String> ask(List<TestCaller> callers, String question) throws IOException {
        List<byte[]> frames = Voice.frames(NANO.question(question).file());
        frames.addAll(Collections.nCopies(ANSWER_FRAMES, new byte[TestCaller.FRAME_BYTES]));
        List<StringBuilder> answers =
                callers.stream().map(caller -> new StringBuilder()).toList();
        for (int sent = 0; sent < frames.size(); sent++) {
            for (TestCaller caller : callers) {
                caller.send(new Message.Audio(frames.get(sent)));
            }
            for (int i = 0; sent > 0 && i < callers.size(); i++) {
                answers.get(i).append(textUntilSound(callers.get(i)));
            }
        }
        return answers.stream().map(answer -> answer.toString().strip()).toList();
    }

    private static String textUntilSound(TestCaller caller) {
        StringBuilder text = new StringBuilder();
        for (Message message = caller.next(); !(message instanceof Message.Audio); message = caller.next()) {
            if (message instanceof Message.Text said) {
                text.append(said.text());
            }
        }
        return text.toString();
    }
}
