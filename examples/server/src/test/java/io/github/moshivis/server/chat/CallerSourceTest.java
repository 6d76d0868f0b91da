package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.client.VoiceFormat;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class CallerSourceTest {
    @Test
    void soundWithoutBytesIsNotKept() throws Exception {
        CallerSource source = new CallerSource(() -> VoiceFormat.PCM, () -> {});
        byte[] empty = new byte[0];
        WeakReference<byte[]> kept = new WeakReference<>(empty);
        assertThat(source.offer(empty)).isTrue();
        empty = null;
        for (int i = 0; i < 100 && kept.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(kept.get()).isNull();

        assertThat(source.offer(new byte[] {0, 64})).isTrue();
        source.open();
        float[] samples = new float[1];
        assertThat(source.read(samples, 0, 1)).isEqualTo(1);
        assertThat(samples).containsExactly(0.5f);
        source.close();
    }
}
