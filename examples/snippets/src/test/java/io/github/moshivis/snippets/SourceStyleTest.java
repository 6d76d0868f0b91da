package io.github.moshivis.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules of style that the formatter does not know, for the main sources of all modules. */
class SourceStyleTest {
    private static final int MAX_CODE_LINES = 300;

    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/");
    private static final Pattern QUESTION = Pattern.compile("/\\*\\*\\s*\\*?\\s*(What|Who|How|Where|Whether|Why)\\b.*");
    private static final Pattern PACKAGE = Pattern.compile("(?m)(?<=^package )[\\w.]+");
    private static final Pattern NAMED_PACKAGE = Pattern.compile("\\{@code\\s*(?:\\*\\s*)?((?:\\.[a-z]+)+)}");
    private static final Pattern RIDDLE = Pattern.compile("\\b(?:MOST|LEAST)_\\w+");

    private static Map<String, String> violations(Function<String, String> rule) {
        Map<String, String> found = new TreeMap<>();
        for (Path file : Tree.javaFiles(Tree.ROOT)) {
            String path = Tree.ROOT.relativize(file).toString().replace('\\', '/');
            String violation = path.contains("/src/main/") ? rule.apply(Tree.read(file)) : "";
            if (!violation.isEmpty()) {
                found.put(path, violation);
            }
        }
        return found;
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    @Test
    void filesAreShort() {
        assertThat(violations(text -> {
                    long lines = COMMENT.matcher(text)
                            .replaceAll("")
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                            .count();
                    return lines > MAX_CODE_LINES ? lines + " lines of code" : "";
                }))
                .isEmpty();
    }

    @Test
    void commentsBeginWithNounsOrVerbs() {
        assertThat(violations(text -> first(QUESTION, text))).isEmpty();
    }

    /** Packages are named from the root of the project, or from a package around: {@code .weights.file}, {@code .opus}. */
    @Test
    void commentsOfPackagesNameExistingPackages() {
        Map<String, String> comments = new TreeMap<>();
        for (Path file : Tree.javaFiles(Tree.ROOT)) {
            if (file.endsWith("package-info.java")) {
                String text = Tree.read(file);
                comments.put(first(PACKAGE, text), text);
            }
        }
        Set<String> known = comments.keySet();
        assertThat(known).containsAll(House.packages());
        Set<String> missing = new TreeSet<>();
        comments.forEach((owner, text) -> NAMED_PACKAGE
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .filter(name -> known.stream().noneMatch(each -> each.endsWith(name) && isAround(each, name, owner)))
                .forEach(name -> missing.add(owner + ": " + name)));
        assertThat(missing).isEmpty();
    }

    /** Returns whether a package is within, or beside, what is around another one. */
    private static boolean isAround(String name, String end, String other) {
        String around = name.substring(0, name.length() - end.length());
        return (other + ".").startsWith(around + ".");
    }

    @Test
    void limitsAreCalledMaxAndMin() {
        assertThat(violations(text -> first(RIDDLE, text))).isEmpty();
    }
}
