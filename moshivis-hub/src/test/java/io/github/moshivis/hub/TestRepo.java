package io.github.moshivis.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A repository on the test hub at one commit. */
public final class TestRepo {
    /** Names of the released PyTorch repository. */
    public static final String MIMI = "tokenizer-e351c8d8-checkpoint125.safetensors";

    public static final String TEXT = "tokenizer_spm_32k_3.model";
    public static final String LM = "model.safetensors";
    public static final String YAML = "moshika-vis.yaml";

    public final String name;
    public final String commit;
    public final Map<String, TestFile> files = new LinkedHashMap<>();

    /** What the hub knows of a file: large ones are stored by git LFS. */
    public record TestFile(String name, Content content, boolean large, String etag) {}

    public TestRepo(String name, String commit) {
        this.name = name;
        this.commit = commit;
    }

    /** What a model needs, and two files that it does not. The language model has {@code lmBytes}. */
    public static TestRepo model(String name, String commit, int lmBytes) {
        return new TestRepo(name, commit)
                .with("README.md", Content.of("# A model"))
                .with("pytorch_model.bin", Content.random(1, 5000))
                .with(YAML, Content.of("n_q: 8\n"))
                .with(TEXT, Content.random(2, 3000))
                .with(MIMI, Content.random(3, 70_000))
                .with(LM, Content.random(4, lmBytes));
    }

    public static String commit(int number) {
        return String.format("%040x", 0xc0ffee00L + number);
    }

    public TestRepo with(String file, Content content) {
        boolean large = file.matches(".*\\.(safetensors|gguf|model|bin)");
        ContentHash kind = new ContentHash("0".repeat(large ? 64 : 40));
        MessageDigest digest = kind.begin(content.size());
        for (long at = 0; at < content.size(); at += 1 << 20) {
            digest.update(content.read(at, (int) Math.min(1 << 20, content.size() - at)));
        }
        files.put(file, new TestFile(file, content, large, ContentHash.end(digest)));
        return this;
    }

    /** Adds all files of a directory. */
    public TestRepo withFilesOf(Path directory) throws IOException {
        return withFilesOf(directory, "");
    }

    /** Adds all files of a directory under a prefix of their names, such as a folder with its slash. */
    public TestRepo withFilesOf(Path directory, String prefix) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.sorted().toList()) {
                with(prefix + file.getFileName(), Content.of(file));
            }
        }
        return this;
    }

    TestRepo without(String file) {
        files.remove(file);
        return this;
    }

    public byte[] bytes(String file) {
        return files.get(file).content().bytes();
    }

    ModelName model() {
        return ModelName.parse(name);
    }
}
