package io.github.moshivis.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the documents with the tree: samples with their compiled source, links with files. */
class DocumentationTest {
    private static final Pattern SAMPLE =
            Pattern.compile("(?m)^ *// sample: ([\\w-]+)\n(.*?)^ *// end$", Pattern.DOTALL);
    private static final Pattern SHOWN =
            Pattern.compile("(?:<!-- sample: ([\\w-]+) -->\n)?```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)]*)?\\)|src=\"([^\":]+)\"");

    /** A class in backticks, perhaps with a member. */
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w*)(?:\\.\\w+)?`");

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (Path directory : List.of(Tree.ROOT, Tree.ROOT.resolve("docs"))) {
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        return documents;
    }

    private static Map<String, String> samples() throws IOException {
        Map<String, String> samples = new TreeMap<>();
        for (Path file : Tree.javaFiles(Tree.ROOT.resolve("examples"))) {
            Matcher matcher = SAMPLE.matcher(Tree.read(file));
            while (matcher.find()) {
                String previous = samples.put(
                        matcher.group(1), matcher.group(2).stripTrailing().stripIndent() + "\n");
                assertThat(previous).as("second sample " + matcher.group(1)).isNull();
            }
        }
        return samples;
    }

    @Test
    void samplesOfTheDocumentsAreCompiledSource() throws IOException {
        Map<String, String> samples = samples();
        List<String> wrong = new ArrayList<>();
        int shown = 0;
        for (Path document : documents()) {
            Matcher matcher = SHOWN.matcher(Tree.read(document));
            for (; matcher.find(); shown++) {
                String name = matcher.group(1);
                if (name == null || !matcher.group(2).equals(samples.get(name))) {
                    wrong.add(document.getFileName() + ", sample " + name + "\n" + matcher.group(2) + "expected\n"
                            + (name == null ? "a comment <!-- sample: NAME -->" : samples.get(name)));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(shown).isGreaterThan(10);
    }

    @Test
    void linksLeadToFiles() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher matcher = LINK.matcher(Tree.read(document));
            while (matcher.find()) {
                String target = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
                if (!Files.exists(document.resolveSibling(target))) {
                    broken.add(document.getFileName() + ": " + target);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void theIndexListsEachGuide() throws IOException {
        Set<String> linked = new TreeSet<>();
        Matcher matcher = LINK.matcher(Tree.read(Tree.ROOT.resolve("docs/README.md")));
        while (matcher.find()) {
            linked.add(matcher.group(1));
        }
        assertThat(documents())
                .filteredOn(document -> document.getParent().endsWith("docs") && !document.endsWith("README.md"))
                .allMatch(document -> linked.contains(document.getFileName().toString()));
    }

    @Test
    void classesOfTheArchitecturePageExist() {
        Set<String> classes = Tree.javaFiles(Tree.ROOT).stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        Set<String> named = new TreeSet<>();
        Matcher matcher = CLASS.matcher(House.DOCUMENT);
        while (matcher.find()) {
            named.add(matcher.group(1));
        }
        assertThat(named).hasSizeGreaterThan(50).isSubsetOf(classes);
    }
}
