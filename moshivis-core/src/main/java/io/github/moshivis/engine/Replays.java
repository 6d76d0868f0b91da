package io.github.moshivis.engine;

import io.github.moshivis.tensor.DeviceWork;
import io.github.moshivis.tensor.GraphRecorder;
import io.github.moshivis.tensor.GraphRecorder.Recording;
import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.tensor.Tensor;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs the device's part of ticks: operator by operator the first times that a kind of work occurs, which also warms up what the
 * device prepares lazily, then as a recording. The least used recordings are dropped. After a recording has failed, none are made.
 */
final class Replays implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Replays.class.getName());

    /** Number of times that work is done before it is recorded. */
    static final int REHEARSALS = 3;

    /** Each holds some megabytes of kernel arguments; a busy engine uses a handful in a minute. */
    static final int MAX_RECORDINGS = 64;

    /** Kinds of work that are counted, recorded ones not among them. */
    private static final int MAX_COUNTED = 1024;

    private final Map<List<Object>, Integer> seen = leastUsed(MAX_COUNTED, count -> {});
    private final Map<List<Object>, Recording> recordings = leastUsed(MAX_RECORDINGS, Recording::close);
    private final GraphRecorder recorder;
    private boolean recording;

    /**
     * Starts without recordings.
     *
     * @param recorder null to do without; closed with this object
     */
    Replays(GraphRecorder recorder) {
        this.recorder = recorder;
        this.recording = recorder != null;
    }

    private static <K, V> Map<K, V> leastUsed(int most, Consumer<V> forget) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                if (size() > most) {
                    forget.accept(eldest.getValue());
                    return true;
                }
                return false;
            }
        };
    }

    /**
     * Does the work.
     *
     * @param signature tells kinds of work apart; asked for only if there are recordings
     * @param work done as it is, or left aside for a recording of the same kind
     * @return the result, in the scope of the caller or as the recording has it
     */
    Tensor run(Supplier<List<Object>> signature, Supplier<Tensor> work) {
        if (!recording) {
            return DeviceWork.run(work);
        }
        List<Object> kind = signature.get();
        Recording known = recordings.get(kind);
        if (known == null && seen.merge(kind, 1, Integer::sum) > REHEARSALS) {
            known = record(kind, work);
        }
        return known == null ? DeviceWork.run(work) : known.replay();
    }

    private Recording record(List<Object> kind, Supplier<Tensor> work) {
        try {
            Recording made = recorder.record(() -> DeviceWork.run(work));
            seen.remove(kind);
            recordings.put(kind, made);
            return made;
        } catch (RuntimeException e) {
            recording = false;
            LOG.log(
                    Level.WARNING,
                    "Ticks cannot be recorded as graphs and go on operator by operator, which is slower: {0}",
                    LibTorch.firstLine(e.getMessage()));
            LOG.log(Level.DEBUG, "Why ticks cannot be recorded", e);
            return null;
        }
    }

    /** Returns the number of recordings. */
    int size() {
        return recordings.size();
    }

    @Override
    public void close() {
        recordings.values().forEach(Recording::close);
        recordings.clear();
        if (recorder != null) {
            recorder.close();
        }
    }
}
