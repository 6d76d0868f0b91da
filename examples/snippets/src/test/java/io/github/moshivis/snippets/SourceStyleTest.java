package io.github.moshivis.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules of style that the formatter does not know, for the main sources of all modules. */
class SourceStyleTest {
    private static final int MAX_CODE_LINES = 300;

    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/");
    private static final Pattern QUESTION = Pattern.compile("/\\*\\*\\s*\\*?\\s*(What|Who|How|Where|Whether|Why)\\b.*");
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

    @Test
    void limitsAreCalledMaxAndMin() {
        assertThat(violations(text -> first(RIDDLE, text))).isEmpty();
    }
}
