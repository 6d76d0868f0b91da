package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.UserAlignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The codes of the user's voice, with a codec that begins anew after the first frame and with one that goes on. */
class UserAlignmentTest {
    private static final int FRAMES = 5;

    private static List<float[]> voice() {
        Random random = new Random(3);
        List<float[]> frames = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            float[] frame = new float[Session.FRAME_SAMPLES];
            for (int j = 0; j < frame.length; j++) {
                frame[j] = 0.4f * (random.nextFloat() - 0.5f);
            }
            frames.add(frame);
        }
        return frames;
    }

    /** The user's codes in a conversation, frame by frame. */
    private static List<int[]> heard(MoshiVis model, List<float[]> voice) {
        try (Session session = model.session().greedy().open()) {
            return voice.stream().map(frame -> session.step(frame).userCodes()).toList();
        }
    }

    @Test
    void moshisServerHearsTheSecondFrameAsAFirst() {
        List<float[]> voice = voice();
        List<float[]> rest = voice.subList(1, FRAMES);
        LoadOptions options = LoadOptions.defaults().threads(1);
        try (MoshiVis usual = MoshiVis.load(Golden.path("e2e/model"), options);
                MoshiVis moshi = MoshiVis.load(Golden.path("e2e/model"), options.userAlignment(UserAlignment.MOSHI))) {
            List<int[]> fromTheSecondOn = heard(usual, rest);
            for (int talk = 0; talk < 2; talk++) {
                List<int[]> all = heard(moshi, voice);
                assertThat(all.get(0)).isEqualTo(heard(usual, voice).get(0));
                assertThat(all.subList(1, FRAMES)).usingRecursiveComparison().isEqualTo(fromTheSecondOn);
            }
            assertThat(heard(usual, voice).subList(1, FRAMES))
                    .usingRecursiveComparison()
                    .isNotEqualTo(fromTheSecondOn);
        }
    }
}
