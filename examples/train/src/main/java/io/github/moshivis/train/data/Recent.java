package io.github.moshivis.train.data;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Results that were used last, as many as fit into some memory. Thread-safe. */
final class Recent<K, V> {
    private final long limit;
    private final ToLongFunction<V> bytes;
    private final Map<K, V> results = new LinkedHashMap<>(16, 0.75f, true);
    private long used;

    /**
     * An empty store.
     *
     * @param limit bytes
     * @param bytes of a result
     */
    Recent(long limit, ToLongFunction<V> bytes) {
        this.limit = limit;
        this.bytes = bytes;
    }

    /** The result of a key, made if it is not kept. Two threads that ask for the same may both make it. */
    V get(K key, Function<K, V> make) {
        V known;
        synchronized (results) {
            known = results.get(key);
        }
        if (known != null) {
            return known;
        }
        V made = make.apply(key);
        synchronized (results) {
            if (results.put(key, made) == null) {
                used += bytes.applyAsLong(made);
            }
            for (Iterator<V> oldest = results.values().iterator(); used > limit && oldest.hasNext(); oldest.remove()) {
                used -= bytes.applyAsLong(oldest.next());
            }
        }
        return made;
    }
}
