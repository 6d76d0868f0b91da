package io.github.moshivis.cli;

import io.github.moshivis.hub.CachedModel;
import io.github.moshivis.hub.CachedModel.CachedRevision;
import io.github.moshivis.hub.HubCache;
import io.github.moshivis.hub.HubSettings;
import io.github.moshivis.hub.ModelName;
import io.github.moshivis.hub.Verification;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moshivis cache}: models in the hub's cache. Uses no network. */
@Command(name = "cache", description = "Lists, verifies and removes models downloaded from the hub.")
final class CacheCommand {
    private static final int COMMIT_DIGITS = 12;

    @Spec
    private CommandSpec spec;

    @Command(description = "Lists the models in the cache.")
    private int list() {
        HubSettings settings = settings();
        List<CachedModel> models = HubCache.of(settings).list();
        PrintWriter out = spec.commandLine().getOut();
        for (CachedModel model : models) {
            out.printf("%s  %s%n", model.model(), ByteCount.text(model.bytes()));
            for (CachedRevision revision : model.revisions()) {
                out.printf(
                        "  %s  %s%d files, %s%n",
                        revision.commit().substring(0, COMMIT_DIGITS),
                        revision.references().isEmpty() ? "" : String.join(", ", revision.references()) + "  ",
                        revision.files().size(),
                        ByteCount.text(revision.bytes()));
            }
            if (model.partialBytes() > 0) {
                out.printf("  unfinished: %s, which download resumes%n", ByteCount.text(model.partialBytes()));
            }
        }
        long bytes = models.stream().mapToLong(CachedModel::bytes).sum();
        out.printf(
                "%d model%s, %s in %s%n",
                models.size(), models.size() == 1 ? "" : "s", ByteCount.text(bytes), settings.cacheDirectory());
        out.flush();
        return ExitCode.OK;
    }

    @Command(
            description =
                    "Compares the hashes of files with those of the hub. The exit code is 1 if any file is damaged or"
                            + " missing.")
    private int verify(
            @Parameters(
                            paramLabel = "OWNER/NAME[@REV]",
                            arity = "0..*",
                            description = "Models to verify. Default: all.")
                    List<String> names) {
        HubCache cache = HubCache.of(settings());
        Stream<ModelName> models = names == null
                ? cache.list().stream().map(CachedModel::model)
                : names.stream().map(ModelName::parse);
        PrintWriter out = spec.commandLine().getOut();
        boolean right = true;
        for (ModelName model : models.toList()) {
            Verification found;
            try (LoadProgress progress =
                    new LoadProgress(StatusLine.of(spec.commandLine().getErr()))) {
                found = cache.verify(model, progress);
            }
            for (Verification.Problem problem : found.problems()) {
                out.printf("%s: %s: %s%n", model, problem.file(), problem.message());
            }
            out.printf(
                    "%s: %d files right, %d wrong%n",
                    model, found.checked(), found.problems().size());
            out.flush();
            right &= found.problems().isEmpty();
        }
        return right ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    @Command(description = "Removes a model, or one revision and the files that no other revision uses.")
    private int remove(@Parameters(paramLabel = "OWNER/NAME[@REV]", description = "The model to remove.") String name) {
        ModelName model = ModelName.parse(name);
        long freed = HubCache.of(settings()).remove(model);
        PrintWriter out = spec.commandLine().getOut();
        out.printf("Removed %s: %s freed%n", model, ByteCount.text(freed));
        out.flush();
        return ExitCode.OK;
    }

    private HubSettings settings() {
        return HubSettings.fromEnvironment(Main.environment(spec));
    }
}
