package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.moshivis.Talking.Collector;
import io.github.moshivis.Talking.Endless;
import io.github.moshivis.Talking.Samples;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends of conversations: reasons, stages, waits. */
@Timeout(60)
class ConversationEndTest {
    private static final int FRAME = Session.FRAME_SAMPLES;

    private final MoshiVis model = new FakeModel(2).model;
    private final List<EndReason> told = new ArrayList<>();

    @AfterEach
    void close() {
        model.close();
    }

    private static Samples failing() {
        return new Samples(0) {
            @Override
            public int read(float[] buffer, int offset, int length) throws IOException {
                throw new IOException("cable cut");
            }
        };
    }

    private SessionOptions options() {
        return model.session().onEnd(told::add);
    }

    /** Starts a conversation, does something to it, and gives the reason of its end as everybody hears it. */
    private EndReason end(SessionOptions options, Samples source, Consumer<Conversation> act) {
        try (Conversation conversation = options.start(source, new Collector())) {
            CompletableFuture<EndReason> completion = conversation.completion().toCompletableFuture();
            act.accept(conversation);
            EndReason reason = completion
                    .handle((intended, failure) -> intended == null ? reasonOf(failure) : intended)
                    .join();
            assertThat(conversation.isActive()).isFalse();
            assertThat(told).containsExactly(reason);
            assertThat(completion.isCompletedExceptionally()).isNotEqualTo(reason.isIntended());
            return reason;
        }
    }

    /** Stages wrap what they pass on. */
    private static EndReason reasonOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapper ? wrapper.getCause() : failure;
        return ((ConversationException) cause).reason();
    }

    @Test
    void intendedEndsCompleteWithTheirReason() {
        assertThat(end(options(), new Samples(3 * FRAME), conversation -> {})).isEqualTo(EndReason.SOURCE_ENDED);
        told.clear();
        assertThat(end(options(), new Endless(), Conversation::stop)).isEqualTo(EndReason.STOPPED);
        told.clear();
        assertThat(end(options(), new Endless(), Conversation::close)).isEqualTo(EndReason.CLOSED);
        told.clear();
        SessionOptions brief = options().maxDuration(Duration.ofMillis(240));
        assertThat(end(brief, new Endless(), conversation -> {})).isEqualTo(EndReason.MAX_DURATION);
    }

    @Test
    void failuresHaveTheirReason() {
        assertThat(end(options(), failing(), conversation -> {})).isEqualTo(EndReason.SOURCE_FAILED);
        told.clear();
        assertThat(end(options(), new Endless(), conversation -> model.close())).isEqualTo(EndReason.MODEL_CLOSED);
    }

    @Test
    void aSinkThatFailsIsNamed() {
        Collector sink = new Collector() {
            @Override
            public void write(float[] buffer, int offset, int length) throws IOException {
                throw new IOException("disk full");
            }
        };
        assertThatThrownBy(() -> options().run(new Endless(), sink))
                .asInstanceOf(type(ConversationException.class))
                .returns(EndReason.SINK_FAILED, ConversationException::reason);
        assertThat(told).containsExactly(EndReason.SINK_FAILED);
    }

    @Test
    void aBusyModelSaysSo() {
        try (Session first = model.session().open();
                Session second = model.session().open()) {
            assertThat(first).isNotSameAs(second);
            for (SessionOptions options : List.of(options(), options().waitForSlot(Duration.ofMillis(20)))) {
                assertThatThrownBy(options::open)
                        .asInstanceOf(type(ConversationException.class))
                        .returns(EndReason.BUSY, ConversationException::reason);
            }
        }
        assertThat(told).isEmpty();
    }

    @Test
    void joinWithATimeoutReturnsWhileTheConversationGoesOn() {
        try (Conversation conversation = options().start(new Endless(), new Collector())) {
            assertThat(conversation.join(Duration.ofMillis(20))).isFalse();
            assertThat(conversation.isActive()).isTrue();
            conversation.stop();
            assertThat(conversation.join(Duration.ofSeconds(50))).isTrue();
        }
    }

    @RepeatedTest(20) // the listener's close() meets the end of the conversation at another moment each time
    void joinInAListenerIsRefused() throws InterruptedException {
        AtomicReference<Conversation> conversation = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        List<Throwable> refused = new ArrayList<>();
        Runnable join = () -> {
            try {
                started.await();
                conversation.get().join();
            } catch (IllegalStateException | InterruptedException e) {
                refused.add(e);
                conversation.get().close();
            }
        };
        conversation.set(options()
                .onReply(reply -> join.run())
                .onEnd(reason -> join.run())
                .start(new Endless(), new Collector()));
        started.countDown();
        conversation.get().join();
        assertThat(refused).hasSize(2).allSatisfy(e -> assertThat(e)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stop()"));
    }

    @Test
    void anInterruptedRunSaysSoAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> options().run(new Endless(), new Collector()))
                .asInstanceOf(type(ConversationException.class))
                .returns(EndReason.INTERRUPTED, ConversationException::reason);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(told).containsExactly(EndReason.CLOSED);
    }

    @Test
    void completionCarriesWhatJoinThrows() {
        try (Conversation conversation = options().start(failing(), new Collector())) {
            assertThatThrownBy(conversation::join).isInstanceOf(ConversationException.class);
            assertThatThrownBy(() ->
                            conversation.completion().toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseMessage("cable cut");
        }
    }
}
