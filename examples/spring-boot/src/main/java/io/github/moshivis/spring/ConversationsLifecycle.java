package io.github.moshivis.spring;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.SlotTicket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.springframework.context.SmartLifecycle;

/**
 * Waits for conversations to end at shutdown, for at most {@code spring.lifecycle.timeout-per-shutdown-phase}. It stops after the web
 * server has stopped to accept requests, and before connections are closed. From then on no conversation starts: this bean's tickets wait
 * for every slot.
 */
final class ConversationsLifecycle implements SmartLifecycle {
    /** Between the end of new requests (Integer.MAX_VALUE - 1024) and the end of the web server (Integer.MAX_VALUE - 2048). */
    private static final int PHASE = Integer.MAX_VALUE - 1536;

    private final MoshiVis model;
    private List<SlotTicket> tickets = List.of();
    private boolean running;

    ConversationsLifecycle(MoshiVis model) {
        this.model = model;
    }

    @Override
    public synchronized void start() {
        running = true;
        tickets.forEach(SlotTicket::close);
        tickets = List.of();
    }

    @Override
    public void stop(Runnable callback) {
        stop();
        CompletableFuture<?>[] turns = tickets.stream()
                .map(ticket -> ticket.turn().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(turns).whenComplete((all, failure) -> callback.run());
    }

    @Override
    public synchronized void stop() {
        running = false;
        tickets = Stream.generate(model::ticket)
                .limit(model.options().maxConversations())
                .toList();
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
