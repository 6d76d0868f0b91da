package io.github.moshivis.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final String HOSTILE = "<script>alert('a&b')</script> 100 % \"x\"";

    @TempDir
    Path directory;

    private Path picture;

    @BeforeEach
    void picture() throws IOException {
        picture = Files.writeString(directory.resolve("a picture of<b>.PNG"), "pixels");
    }

    private EvaluationCase question(String id, String kind, Optional<Path> shown) {
        return new EvaluationCase(id, kind, HOSTILE, "Yes.", Path.of(id + ".wav"), shown, OptionalDouble.empty());
    }

    private static CaseResult result(EvaluationCase question, String answer) {
        return new CaseResult(
                question.id(), question.kind(), question.question(), "Yes.", answer, OptionalDouble.of(0.444), -70);
    }

    private Report report() {
        EvaluationCase wrong = question("a", "see|it", Optional.of(picture));
        EvaluationCase right = question("b", "count", Optional.of(picture));
        EvaluationCase blind = question("c", "count", Optional.empty());
        return new Report(
                new EvaluationSet(Path.of("x.jsonl"), List.of(wrong, right, blind)),
                Map.of("options", HOSTILE),
                List.of(
                        new EvaluatedForm(
                                "f32", "f32", List.of(result(wrong, "Yes."), result(right, "Yes."), result(blind, ""))),
                        new EvaluatedForm(
                                "q4:64",
                                "q4-64",
                                List.of(result(wrong, HOSTILE), result(right, "Yes."), result(blind, "Yes.")))));
    }

    @Test
    void tablesCountFormsAndKinds() {
        assertThat(report().markdown().lines())
                .contains(
                        "| f32 | 2 of 3 (0.667) | 0.333 | 0.44 (0.44 to 0.44) | 3 of 3 | -70 |",
                        "| kind | f32 | q4:64 |",
                        "|---|---|---|",
                        "| see\\|it | 1 of 1 (1.000) | 0 of 1 (0.000) |",
                        "| count | 1 of 2 (0.500) | 2 of 2 (1.000) |");
    }

    @Test
    void thePageShowsWhatWentWrongAndNothingOfItIsMarkup() throws IOException {
        Path folder = directory.resolve("out");

        report().write(folder);

        String page = Files.readString(folder.resolve("report.html"));
        assertThat(page)
                .doesNotContain("<script", "picture of<b>")
                .contains("&lt;script&gt;alert(&#39;a&amp;b&#39;)&lt;/script&gt; 100 % &quot;x&quot;")
                .contains("Wrong answers: 2", "(nothing)", "no picture");
        List<String> links = new ArrayList<>();
        Matcher matcher = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page);
        while (matcher.find()) {
            links.add(matcher.group(1));
        }
        assertThat(links).containsExactly("pictures/a.PNG", "f32/a.wav", "q4-64/a.wav", "f32/c.wav", "q4-64/c.wav");
        assertThat(folder.resolve("pictures/a.PNG")).hasContent("pixels");
        assertThat(folder.resolve("report.md")).hasContent(report().markdown());
    }
}
