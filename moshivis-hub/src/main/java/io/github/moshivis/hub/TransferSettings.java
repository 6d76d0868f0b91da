package io.github.moshivis.hub;

import java.time.Duration;

/**
 * Settings of a transfer.
 *
 * @param connections ranges of one file that are fetched at once
 * @param partBytes length of a range; a file that is no longer is fetched over one connection
 * @param bufferBytes what a connection writes at once, and at most fetches again after the process was killed
 * @param retry how often and when a failed request is tried again
 * @param answerTimeout how long to wait for an answer's headers, and at most to connect
 * @param stallTimeout how long a body may send nothing
 */
record TransferSettings(
        int connections,
        long partBytes,
        int bufferBytes,
        RetryPolicy retry,
        Duration answerTimeout,
        Duration stallTimeout) {
    /** A firewall that drops packets must not cost minutes. */
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

    /** Returns how long to connect, with TLS. */
    Duration connectTimeout() {
        return answerTimeout.compareTo(LONGEST_CONNECT) < 0 ? answerTimeout : LONGEST_CONNECT;
    }

    /**
     * Four connections fill a line that one, held back by latency or by the server, does not; 32 MiB parts keep requests few
     * (500 for 16 GB) and the hash close behind; the four buffers make 1 MiB together.
     */
    static final TransferSettings STANDARD = new TransferSettings(
            4, 32L << 20, 256 << 10, RetryPolicy.STANDARD, Duration.ofSeconds(30), Duration.ofSeconds(30));
}
