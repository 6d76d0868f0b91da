package io.github.moshivis.hub;

import java.io.IOException;

/** Repeats requests after network failures. */
final class Retries {
    private static final System.Logger LOG = System.getLogger(Retries.class.getName());

    private final RetryPolicy policy;
    private final Cancellation cancellation;
    private int failures;

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
        int sensible =
                failure instanceof UnreachableException unreachable ? unreachable.maxAttempts() : Integer.MAX_VALUE;
        if (failures >= Math.min(policy.attempts(), sensible)) {
            throw failure;
        }
        LOG.log(System.Logger.Level.DEBUG, "Attempt {0} of {1} failed: {2}", failures, policy.attempts(), failure);
        cancellation.sleep(policy.delay(failures, StatusException.retryAfter(failure)));
    }

    /** Records progress, which resets the number of attempts. */
    void gained() {
        failures = 0;
    }
}
