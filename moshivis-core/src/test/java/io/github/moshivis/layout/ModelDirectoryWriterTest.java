package io.github.moshivis.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryWriterTest {
    @TempDir
    Path scratch;

    @Test
    void theReleasedSizesAreReadAsTheyWereWritten() {
        ModelDirectoryWriter.write(ModelConfig.MOSHIKA_VIS, scratch);
        assertThat(ModelDirectory.read(scratch).config()).isEqualTo(ModelConfig.MOSHIKA_VIS);
    }

    @Test
    void theGoldenModelsFilesAreWrittenWithTheSameKeysAndSizes() throws IOException {
        Path golden = Golden.path("e2e/model");
        ModelConfig config = ModelDirectory.read(golden).config();
        ModelDirectoryWriter.write(config, scratch);
        assertThat(ModelDirectory.read(scratch).config()).isEqualTo(config);
        for (String file : ModelDirectoryWriter.FILES) {
            assertThat(keys(scratch.resolve(file))).as(file).isEqualTo(keys(golden.resolve(file)));
        }
    }

    private static Set<String> keys(Path file) throws IOException {
        ObjectMapper mapper = ConfigFile.isYaml(file) ? new ObjectMapper(new YAMLFactory()) : new ObjectMapper();
        Set<String> keys = new TreeSet<>();
        collect("", mapper.readTree(file.toFile()), keys);
        return keys;
    }

    private static void collect(String prefix, JsonNode node, Set<String> keys) {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            keys.add(prefix + name);
            collect(prefix + name + ".", node.get(name), keys);
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsAFaultOfTheWorld() {
        assertThatThrownBy(() -> ModelDirectoryWriter.write(ModelConfig.MOSHIKA_VIS, scratch.resolve("missing")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("Cannot write configuration", ModelLayout.YAML, "writable", "Free space");
    }
}
