package io.github.moshivis.weights.file;

import io.github.moshivis.errors.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several files as one: a model in shards, or a model whose parts are in files of their own. Owns them. */
final class JoinedFiles implements TensorFile {
    private final Path path;
    private final List<TensorFile> files;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Map<String, TensorFile> homes = new HashMap<>();

    /**
     * Joins files.
     *
     * @param path what stands for all of them
     * @param files open; closed with this object
     * @throws CheckpointException if two of them hold a tensor of the same name
     */
    JoinedFiles(Path path, List<TensorFile> files) {
        this.path = path.toAbsolutePath();
        this.files = List.copyOf(files);
        for (TensorFile file : files) {
            for (StoredTensor tensor : file.tensors().values()) {
                TensorFile other = homes.put(tensor.name(), file);
                if (other != null) {
                    throw new CheckpointException("Cannot read model " + this.path + ": found "
                            + SafetensorsHeader.quoted(tensor.name()) + " in both " + other.path() + " and "
                            + file.path()
                            + ", expected each tensor once. Use files that belong together.");
                }
                tensors.put(tensor.name(), tensor);
            }
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public List<Path> paths() {
        return files.stream().flatMap(file -> file.paths().stream()).toList();
    }

    @Override
    public Map<String, String> metadata() {
        return files.get(0).metadata();
    }

    /** {@inheritDoc} Offsets count from the start of the file that holds the tensor. */
    @Override
    public Map<String, StoredTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public TensorBytes bytes(String name) {
        return homes.getOrDefault(name, files.get(0)).bytes(name);
    }

    @Override
    public void read(String name, int from, ByteBuffer target) {
        homes.getOrDefault(name, files.get(0)).read(name, from, target);
    }

    @Override
    public void close() {
        files.forEach(TensorFile::close);
    }
}
