package io.github.moshivis.hub;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** Repeats requests after network failures. */
final class Retries {
    private static final System.Logger LOG = System.getLogger(Retries.class.getName());

    /** Longer waits are told, because somebody may wonder what happens; so are connections, which take their time to fail. */
    private static final Duration TOLD = Duration.ofSeconds(3);

    private final RetryPolicy policy;
    private final Cancellation cancellation;
    private int failures;
    private long gained;

    Retries(RetryPolicy policy, Cancellation cancellation) {
        this.policy = policy;
        this.cancellation = cancellation;
    }

    /** A request that can be made again. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    /** Makes a request until it succeeds; throws the last failure when the policy's attempts are used up. */
    static <T> T call(RetryPolicy policy, Cancellation cancellation, Call<T> call) throws IOException {
        Retries retries = new Retries(policy, cancellation);
        while (true) {
            try {
                return call.run();
            } catch (HubApi.NoSuchEntryException e) {
                throw e;
            } catch (IOException e) {
                retries.failed(e);
            }
        }
    }

    /** Records a failure: waits before the next attempt, or throws the failure if none is left. */
    void failed(IOException failure) throws IOException {
        cancellation.check();
        failures++;
        int attempts = Math.min(policy.attempts(), sensible(failure));
        Optional<Duration> asked = StatusException.retryAfter(failure);
        if (failures >= attempts || !policy.waits(asked)) {
            throw failure;
        }
        Duration delay = policy.delay(failures, asked);
        LOG.log(
                delay.compareTo(TOLD) > 0 || failure instanceof UnreachableException ? Level.WARNING : Level.DEBUG,
                "Attempt {0} of {1} failed ({2}); the next is in {3} seconds",
                failures,
                attempts,
                failure.getMessage(),
                delay.toSeconds());
        cancellation.sleep(delay);
    }

    private static int sensible(IOException failure) {
        if (failure instanceof UnreachableException unreachable) {
            return unreachable.maxAttempts();
        }
        if (failure instanceof StatusException status) {
            return status.maxAttempts();
        }
        return failure instanceof ContradictionException ? ContradictionException.ATTEMPTS : Integer.MAX_VALUE;
    }

    /**
     * Records progress. Enough of it resets the number of attempts: a host that sends a byte and breaks off is not asked for ever.
     *
     * @param bytes what an attempt has brought
     * @param enough what several together must bring
     */
    void gained(long bytes, long enough) {
        gained += bytes;
        if (gained >= enough) {
            gained = 0;
            failures = 0;
        }
    }
}
