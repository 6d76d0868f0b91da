package io.github.moshivis.snippets;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.Description;
import io.github.moshivis.hub.Hub;
import io.github.moshivis.hub.HubCache;
import io.github.moshivis.hub.HubSettings;
import io.github.moshivis.hub.ModelName;
import io.github.moshivis.hub.Snapshot;
import io.github.moshivis.io.ProgressListener;
import java.nio.file.Path;
import java.util.Optional;

/** Samples of the documentation about checkpoints and the hub. They are compiled; the six examples are also run. */
final class CheckpointSamples {
    private CheckpointSamples() {}

    static Description checkpoint() {
        // sample: checkpoint
        Checkpoint checkpoint = Checkpoint.open(Path.of("moshika-vis-pytorch-bf16"));
        checkpoint.verify(); // throws an exception that names everything missing or wrong
        Description description = checkpoint.describe();
        // end
        return description;
    }

    static MoshiVis download() {
        // sample: download
        try (Hub hub = Hub.open()) {
            Snapshot snapshot = hub.download(
                    ModelName.parse("kyutai/moshika-vis-pytorch-bf16"),
                    Optional.empty(), // or Optional.of(ModelFormat.GGUF)
                    progress -> System.out.println(progress));
            return MoshiVis.load(snapshot.weights());
        }
        // end
    }

    static void cache() {
        // sample: cache
        HubCache cache = HubCache.of(HubSettings.fromEnvironment());
        cache.list(); // models, revisions, sizes, unfinished files
        cache.verify(ModelName.parse("owner/name"), ProgressListener.NONE); // hashes everything
        cache.remove(ModelName.parse("owner/name@v1.0")); // a revision, and the bytes that no other shares
        // end
    }
}
