package io.github.moshivis;

import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Copies a model without some of it. */
public final class PartOfModel {
    private PartOfModel() {}

    /**
     * Copies a directory without the image encoder and without the tokenizer.
     *
     * @param model a MoshiVis model in PyTorch's form
     * @param target an empty directory
     * @return the target
     */
    public static Path withoutVisionAndText(Path model, Path target) throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            for (Path file :
                    files.filter(each -> !each.toString().endsWith(".model")).toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        Path lm = target.resolve("model.safetensors");
        Files.delete(lm);
        keep(model.resolve("model.safetensors"), lm, name -> !name.startsWith("image_prefix."));
        return target;
    }

    private static void keep(Path source, Path target, Predicate<String> wanted) {
        try (TensorFile file = SafetensorsFile.open(source)) {
            List<TensorSpec> kept = file.tensors().values().stream()
                    .filter(tensor -> wanted.test(tensor.name()))
                    .map(tensor -> new TensorSpec(tensor.name(), tensor.type(), tensor.shape()))
                    .toList();
            try (TensorWriter writer = SafetensorsWriter.create(target, kept, Map.of())) {
                kept.forEach(spec ->
                        writer.write(spec.name(), file.bytes(spec.name()).slice()));
                writer.commit();
            }
        }
    }
}
