package io.github.moshivis.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the libraries' module descriptors with what holds on the class path. {@code .ci/consumers} runs applications on them. */
class ModulesTest {
    private static final ClassLoader LOADER = ModulesTest.class.getClassLoader();

    private static List<ModuleDescriptor> modules() throws IOException {
        Map<String, ModuleDescriptor> modules = new TreeMap<>();
        for (URL each : Collections.list(LOADER.getResources("module-info.class"))) {
            try (InputStream stream = each.openStream()) {
                ModuleDescriptor module = ModuleDescriptor.read(stream);
                modules.put(module.name(), module);
            }
        }
        modules.keySet().removeIf(name -> !name.startsWith(House.ROOT));
        return List.copyOf(modules.values());
    }

    @Test
    void modulesExportTheApiToEveryone() throws IOException {
        assertThat(modules())
                .flatExtracting(ModuleDescriptor::exports)
                .filteredOn(exported -> !exported.isQualified())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrderElementsOf(House.api());
    }

    @Test
    void modulesProvideTheServicesThatTheClassPathFinds() throws IOException {
        Map<String, List<String>> provided = modules().stream()
                .flatMap(module -> module.provides().stream())
                .collect(Collectors.toMap(ModuleDescriptor.Provides::service, ModuleDescriptor.Provides::providers));
        assertThat(provided).isNotEmpty();
        for (Map.Entry<String, List<String>> each : provided.entrySet()) {
            try (InputStream stream = LOADER.getResourceAsStream("META-INF/services/" + each.getKey())) {
                assertThat(stream).as(each.getKey()).isNotNull();
                String names = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(names.lines()).containsExactlyElementsOf(each.getValue());
            }
        }
    }

    @Test
    void coreUsesWhatTheOthersProvide() throws IOException {
        ModuleDescriptor core = modules().get(0);
        assertThat(core.name()).isEqualTo(House.ROOT);
        assertThat(modules())
                .flatExtracting(ModuleDescriptor::provides)
                .extracting(ModuleDescriptor.Provides::service)
                .containsExactlyInAnyOrderElementsOf(core.uses());
    }
}
