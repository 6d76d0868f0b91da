package io.github.moshivis.server.http;

import io.github.moshivis.hub.Hub;
import io.github.moshivis.hub.HubSettings;
import io.github.moshivis.hub.ModelName;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.server.log.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The reference's released page: downloaded from the hub as the reference's servers do, and unpacked. */
public final class ReferencePage {
    /** The repository of the page. Source: {@code standalone.rs}, {@code local_web.py}. */
    private static final ModelName REPOSITORY = ModelName.parse("kyutai/moshi-artifacts");

    private static final String ARCHIVE = "vis_dist.tgz";
    private static final String INDEX = "index.html";

    private ReferencePage() {}

    /**
     * Downloads and unpacks the page.
     *
     * @param settings which hub, and where its cache is
     * @return the page, in a temporary directory that is deleted when the program ends
     * @throws io.github.moshivis.errors.HubException if it cannot be fetched
     * @throws IllegalArgumentException if the archive is invalid
     */
    public static Page fetch(HubSettings settings) {
        try (Hub hub = Hub.open(settings)) {
            Path archive = hub.file(REPOSITORY, ARCHIVE, ProgressListener.NONE);
            Path directory = Files.createTempDirectory("moshivis-page-").toRealPath();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            Archive.unpack(archive, directory);
            Path root = root(directory);
            Events.of("page-unpacked")
                    .with("archive", ARCHIVE)
                    .with("directory", root)
                    .log();
            return new Page(root, true, false);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot unpack the reference's page: found " + e.getMessage()
                            + ", expected an archive of files. Remove it from the hub's cache and try again",
                    e);
        }
    }

    /** Returns the directory of the page within the archive. */
    private static Path root(Path directory) throws IOException {
        if (Files.exists(directory.resolve(INDEX))) {
            return directory;
        }
        try (Stream<Path> inside = Files.list(directory)) {
            List<Path> roots =
                    inside.filter(path -> Files.exists(path.resolve(INDEX))).toList();
            if (roots.size() == 1) {
                return roots.get(0);
            }
            throw new IOException("no " + INDEX + " at its top");
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // The system deletes temporary files eventually.
        }
    }
}
