package io.github.moshivis.cli;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.ConvertOptions;
import java.nio.file.Path;

/** Programs that are killed by {@link KillsTest}: they do one thing until then, and print a line each time that it is done. */
public final class KilledPrograms {
    private KilledPrograms() {}

    /** Arguments: what to do, the model, and where the result goes. */
    public static void main(String[] arguments) {
        Path model = Path.of(arguments[1]);
        Path target = Path.of(arguments[2]);
        if (arguments[0].equals("record")) {
            record(model, target);
        }
        for (int i = 1; ; i++) {
            make(arguments[0], model, target);
            System.out.println(i);
        }
    }

    /** Converts or quantizes the model. */
    static void make(String what, Path model, Path target) {
        ConvertOptions options = ConvertOptions.defaults().overwrite(true);
        if (what.equals("convert")) {
            Checkpoint.open(model).convert(Checkpoint.Form.MLX, target, options);
        } else {
            Checkpoint.open(model).quantize(8, 32, target, options);
        }
    }

    private static void record(Path model, Path target) {
        try (MoshiVis loaded = MoshiVis.load(model);
                Session session = loaded.session().record(target).open()) {
            float[] frame = new float[Session.FRAME_SAMPLES];
            for (int i = 1; ; i++) {
                frame[i % frame.length] = 0.5f;
                session.step(frame);
                System.out.println(i);
            }
        }
    }
}
