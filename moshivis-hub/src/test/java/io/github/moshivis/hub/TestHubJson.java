package io.github.moshivis.hub;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Iterator;

/** What the test hub says of a repository's files. */
final class TestHubJson {
    private TestHubJson() {}

    /** What we ask for. */
    static Answer fileList(TestRepo repo) {
        StringBuilder json = new StringBuilder("{\"id\":\"" + repo.name + "\",\"modelId\":\"" + repo.name
                + "\",\"private\":false,\"sha\":\"" + repo.commit + "\",\"siblings\":[");
        for (Iterator<TestRepo.TestFile> all = repo.files.values().iterator(); all.hasNext(); ) {
            TestRepo.TestFile file = all.next();
            long size = file.content().size();
            json.append("{\"rfilename\":")
                    .append(quoted(file.name()))
                    .append(",\"size\":")
                    .append(size);
            json.append(",\"blobId\":\"")
                    .append(file.large() ? "1".repeat(40) : file.etag())
                    .append('"');
            if (file.large()) {
                json.append(",\"lfs\":{\"sha256\":\"")
                        .append(file.etag())
                        .append("\",\"size\":")
                        .append(size);
                json.append(",\"pointerSize\":134}");
            }
            json.append(all.hasNext() ? "}," : "}");
        }
        return Answer.json(json + "]}");
    }

    /** What Python asks for since version 2. */
    static Answer fileTree(TestRepo repo) {
        StringBuilder json = new StringBuilder("[");
        for (Iterator<TestRepo.TestFile> all = repo.files.values().iterator(); all.hasNext(); ) {
            TestRepo.TestFile file = all.next();
            long size = file.content().size();
            json.append("{\"type\":\"file\",\"path\":")
                    .append(quoted(file.name()))
                    .append(",\"size\":")
                    .append(size);
            json.append(",\"oid\":\"")
                    .append(file.large() ? "1".repeat(40) : file.etag())
                    .append('"');
            if (file.large()) {
                json.append(",\"lfs\":{\"oid\":\"")
                        .append(file.etag())
                        .append("\",\"size\":")
                        .append(size);
                json.append(",\"pointerSize\":134}");
            }
            json.append(all.hasNext() ? "}," : "}");
        }
        return Answer.json(json + "]");
    }

    private static String quoted(String name) {
        return TextNode.valueOf(name).toString();
    }
}
