package io.github.moshivis.spring;

import io.github.moshivis.MoshiVis;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/**
 * Health of the model: up while a slot is free, out of service while all are in use, so that a load balancer with a readiness check sends
 * callers elsewhere. Details are the numbers of slots, free slots and waiting callers.
 */
final class MoshiVisHealthIndicator extends AbstractHealthIndicator {
    private final MoshiVis model;

    MoshiVisHealthIndicator(MoshiVis model) {
        super("The model cannot be asked");
        this.model = model;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        int free = model.freeSlots();
        (free > 0 ? health.up() : health.outOfService())
                .withDetail("slots", model.options().maxConversations())
                .withDetail("free", free)
                .withDetail("waiting", model.queueLength());
    }
}
