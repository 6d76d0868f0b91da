package io.github.moshivis.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.load.LoadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A host application in a JVM of its own, whose environment says which hub there is: loads models by their names and says what
 * they answer.
 */
final class HubLoad {
    static final int STEPS = 8;

    private HubLoad() {}

    /** A model that was loaded or not: its tokens step by step, the files that progress was heard of to the end, and what failed. */
    record Loaded(List<List<Integer>> tokens, Set<String> fetched, String failure) {}

    /**
     * Loads models one after the other.
     *
     * @param arguments the file for the results, then for each model its name, a revision, a token and an adapter; - for none
     */
    public static void main(String[] arguments) throws IOException {
        List<Loaded> loaded = new ArrayList<>();
        for (int i = 1; i < arguments.length; i += 4) {
            Set<String> fetched = new TreeSet<>();
            LoadOptions options = LoadOptions.defaults().progress(progress -> {
                boolean isDownload = !progress.name().startsWith("loading ");
                if (isDownload && progress.done() == progress.total()) {
                    fetched.add(progress.name());
                }
            });
            options = arguments[i + 1].equals("-") ? options : options.revision(arguments[i + 1]);
            options = arguments[i + 2].equals("-") ? options : options.token(arguments[i + 2]);
            options = arguments[i + 3].equals("-") ? options : options.adapter(arguments[i + 3]);
            try (MoshiVis model = MoshiVis.load(arguments[i], options)) {
                loaded.add(new Loaded(tokens(model), fetched, null));
            } catch (CheckpointException e) {
                loaded.add(new Loaded(List.of(), fetched, e.getMessage()));
            }
        }
        new ObjectMapper().writeValue(Path.of(arguments[0]).toFile(), loaded);
    }

    /** What a model says to somebody who is silent: of the golden picture, or with the first voice of its release. */
    static List<List<Integer>> tokens(MoshiVis model) throws IOException {
        List<List<Integer>> tokens = new ArrayList<>();
        SessionOptions options = model.voices()
                .map(names -> model.session().voice(names.get(0)))
                .orElseGet(() -> model.session(Cli.PICTURE));
        try (Session session = options.greedy().open()) {
            for (int step = 0; step < STEPS; step++) {
                session.step(new float[Session.FRAME_SAMPLES]).output().ifPresent(output -> tokens.add(all(output)));
            }
        }
        return tokens;
    }

    private static List<Integer> all(Reply.Output output) {
        List<Integer> tokens = new ArrayList<>(List.of(output.text().token()));
        for (int token : output.audioTokens()) {
            tokens.add(token);
        }
        return tokens;
    }
}
