package io.github.moshivis.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The files of a repository at one commit. Names that are not {@linkplain RepoPath#isSafe safe} are not in it.
 *
 * @param commit 40 hexadecimal digits
 * @param files what is known of each file, by name
 */
record Listing(String commit, SortedMap<String, Entry> files) {
    /** The version of {@code trees/COMMIT.json} that {@code huggingface_hub} 2.0 writes. */
    private static final int FORMAT_VERSION = 1;

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA_1 = Pattern.compile("[0-9a-f]{40}");

    /**
     * One file.
     *
     * @param size bytes, or -1 if not known
     * @param hash what the file's bytes must hash to; empty if not known
     */
    record Entry(long size, Optional<ContentHash> hash) {}

    /** Reads the hub's answer to {@code /api/models/REPO/revision/REV?blobs=true}. */
    static Listing ofAnswer(String commit, JsonNode answer) {
        SortedMap<String, Entry> files = new TreeMap<>();
        for (JsonNode file : answer.path("siblings")) {
            put(
                    files,
                    file.path("rfilename").asText(""),
                    file,
                    "blobId",
                    file.path("lfs").path("sha256"));
        }
        return new Listing(commit, files);
    }

    /** Reads a {@code COMMIT.json} as Python writes it; empty if it is of another version. */
    static Optional<Listing> ofTree(String commit, JsonNode tree) {
        if (tree.path("format_version").asInt() != FORMAT_VERSION) {
            return Optional.empty();
        }
        SortedMap<String, Entry> files = new TreeMap<>();
        for (Map.Entry<String, JsonNode> file : tree.path("files").properties()) {
            put(
                    files,
                    file.getKey(),
                    file.getValue(),
                    "blob_id",
                    file.getValue().path("lfs_sha256"));
        }
        return Optional.of(new Listing(commit, files));
    }

    /** Writes the form that {@link #ofTree} reads. */
    ObjectNode toTree(ObjectMapper json) {
        ObjectNode tree = json.createObjectNode().put("format_version", FORMAT_VERSION);
        ObjectNode all = tree.putObject("files");
        files.forEach((name, entry) -> {
            ObjectNode file = all.putObject(name).put("size", entry.size());
            entry.hash().ifPresent(hash -> file.put(hash.isLarge() ? "lfs_sha256" : "blob_id", hash.hex()));
        });
        return tree;
    }

    private static void put(
            SortedMap<String, Entry> files, String name, JsonNode file, String blobField, JsonNode sha256) {
        if (!RepoPath.isSafe(name)) {
            return;
        }
        String large = sha256.asText("");
        String small = file.path(blobField).asText("");
        Optional<ContentHash> hash =
                SHA_256.matcher(large).matches() || SHA_1.matcher(small).matches()
                        ? ContentHash.ofEtag(large.isEmpty() ? small : large)
                        : Optional.empty();
        files.put(name, new Entry(file.path("size").asLong(-1), hash));
    }
}
