package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withPrecision;

import io.github.moshivis.io.AudioPipe;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class EchoCancellerTest {
    private static final float ECHO = 0.25f;
    private static final int DELAY = 100;

    /** Knows the room: a quarter of what is played comes back a hundred samples later. */
    private static final class KnowsTheRoom implements EchoCanceller {
        private final Deque<Float> far = new ArrayDeque<>();

        KnowsTheRoom() {
            for (int i = 0; i < DELAY; i++) {
                far.add(0f);
            }
        }

        @Override
        public void played(float[] samples, int offset, int length) {
            for (int i = 0; i < length; i++) {
                far.add(samples[offset + i]);
            }
        }

        @Override
        public void heard(float[] samples, int offset, int length) {
            for (int i = 0; i < length; i++) {
                samples[offset + i] -= ECHO * far.remove();
            }
        }
    }

    @Test
    void takesTheFarEndOutOfTheNearEnd() throws IOException {
        EchoCanceller canceller = new KnowsTheRoom();
        AudioPipe speaker = AudioPipe.blocking(Duration.ofSeconds(1));
        AudioPipe microphone = AudioPipe.droppingOldest(Duration.ofSeconds(1));
        float[] model = tone(300, 2_000);
        float[] user = tone(440, 2_000);
        float[] room = user.clone();
        for (int i = DELAY; i < room.length; i++) {
            room[i] += ECHO * model[i - DELAY];
        }

        canceller.sink(speaker.sink()).write(model, 0, model.length);
        microphone.sink().write(room, 0, room.length);
        microphone.sink().close();
        AudioSource clean = canceller.source(microphone.source());
        float[] heard = new float[user.length];
        for (int done = 0; done < heard.length; ) {
            done += clean.read(heard, done, Math.min(130, heard.length - done));
        }

        assertThat(heard).containsExactly(user, withPrecision(1e-6f));
        assertThat(clean.read(heard, 0, 1)).isEqualTo(-1);
        assertThat(clean.isLive()).isTrue();
        float[] played = new float[model.length];
        assertThat(speaker.source().read(played, 0, played.length)).isEqualTo(model.length);
        assertThat(played).as("what is played is not changed").isEqualTo(model);
    }

    private static float[] tone(double frequency, int length) {
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) {
            samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * frequency * i / AudioSource.SAMPLE_RATE));
        }
        return samples;
    }
}
