package io.github.moshivis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.TextPiece;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.io.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

@MoshiVisTest(conversations = 2)
class ToyModelTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final MoshiVis model;

    ToyModelTest(MoshiVis model) {
        this.model = model;
    }

    private static Image picture() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(80, 60, BufferedImage.TYPE_INT_RGB), "png", png);
        return Image.encoded(png.toByteArray());
    }

    @Test
    void speaksWithWordsAboutAPictureAndRepeatsItself() throws IOException {
        List<List<TextPiece>> said = new ArrayList<>();
        List<float[]> heard = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            List<TextPiece> pieces = new ArrayList<>();
            CollectingSink sink = new CollectingSink();
            model.session(picture())
                    .greedy()
                    .onText(pieces::add)
                    .run(ScriptedSource.script().tone(300, SECOND).silence(SECOND), sink);
            said.add(pieces);
            heard.add(sink.samples());
            assertThat(sink.isClosed()).isTrue();
            assertThat(sink.rms()).isPositive();
        }
        assertThat(said.get(0)).isNotEmpty().isEqualTo(said.get(1));
        assertThat(heard.get(0)).isEqualTo(heard.get(1));
    }

    @Test
    void holdsAsManyConversationsAsTheTestAskedFor() {
        try (Session first = model.session().open();
                Session second = model.session().open()) {
            assertThat(first).isNotSameAs(second);
            assertThatThrownBy(() -> model.session().open()).isInstanceOf(ConversationException.class);
        }
    }

    @Test
    void sharesOneModelAmongTests(MoshiVis same) {
        assertThat(same).isSameAs(model);
    }

    @Test
    void runsActionsOfTheScriptBetweenSounds() throws Exception {
        AtomicReference<Duration> before = new AtomicReference<>();
        CollectingSink sink = new CollectingSink();
        ScriptedSource user = ScriptedSource.script()
                .silence(SECOND)
                .run(() -> before.set(sink.duration()))
                .silenceForever();
        try (Conversation conversation = model.session().start(user, sink)) {
            sink.await(Duration.ofSeconds(2), Duration.ofSeconds(20));
            conversation.stop();
            conversation.join();
        }
        assertThat(before.get()).isNotNull().isLessThanOrEqualTo(SECOND);
        assertThat(sink.isClosed()).isTrue();
    }

    @Test
    void failsAsTheScriptSays() {
        IOException broken = new IOException("cable cut");
        assertThatThrownBy(() -> model.session()
                        .run(ScriptedSource.script().silence(SECOND).fail(broken), new CollectingSink()))
                .isInstanceOf(ConversationException.class)
                .hasCause(broken);
        assertThatThrownBy(() -> model.session()
                        .run(
                                ScriptedSource.script().silence(SECOND),
                                new CollectingSink().failAfter(Duration.ofMillis(160), broken)))
                .isInstanceOf(ConversationException.class)
                .hasCause(broken);
    }

    @Test
    void liveScriptTakesItsTime() {
        long start = System.nanoTime();
        CollectingSink sink = new CollectingSink();
        model.session().run(ScriptedSource.script().live().tone(200, Duration.ofMillis(800)), sink);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(800));
    }

    @Test
    void waitingForSpeechThatDoesNotComeSaysHowMuchThereWas() {
        CollectingSink sink = new CollectingSink();
        assertThatThrownBy(() -> sink.await(SECOND, Duration.ofMillis(10)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT0S")
                .hasMessageContaining("PT1S");
    }
}
