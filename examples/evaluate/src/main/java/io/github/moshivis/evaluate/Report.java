package io.github.moshivis.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results of an evaluation as Markdown tables, and as an HTML page with pictures and players of wrong answers. Immutable. */
public final class Report {
    private static final String PICTURES = "pictures";

    private final EvaluationSet set;
    private final Map<String, String> facts;
    private final List<EvaluatedForm> forms;

    /**
     * A table for both documents.
     *
     * @param title its title
     * @param head names of the columns
     * @param rows cells, as many as columns in each row
     */
    record Table(String title, List<String> head, List<List<String>> rows) {}

    /**
     * Creates a report.
     *
     * @param set the questions
     * @param facts names and values that describe the evaluation, in display order
     * @param forms the answers, by the form of the weights; at least one form
     */
    public Report(EvaluationSet set, Map<String, String> facts, List<EvaluatedForm> forms) {
        this.set = set;
        this.facts = new LinkedHashMap<>(facts);
        this.forms = List.copyOf(forms);
    }

    /**
     * Writes {@code report.md}, {@code report.html}, and the page's pictures into {@code pictures}. The page links to recordings in the
     * folders of the forms, so the whole folder can be moved and sent.
     *
     * @param folder the folder of the evaluation
     * @throws UncheckedIOException if a file cannot be written
     */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("report.md"), markdown());
            Files.writeString(
                    folder.resolve("report.html"), new HtmlPage(facts, tables()).of(wrong(), forms, pictures(folder)));
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be written to " + folder.toAbsolutePath(), e);
        }
    }

    /**
     * Returns the tables as Markdown.
     *
     * @return a document
     */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        facts.forEach((name, value) ->
                text.append("* ").append(name).append(": ").append(value).append('\n'));
        for (Table table : tables()) {
            text.append("\n**").append(table.title()).append("**\n\n");
            text.append(row(table.head()))
                    .append("|---".repeat(table.head().size()))
                    .append("|\n");
            table.rows().forEach(cells -> text.append(row(cells)));
        }
        return text.toString();
    }

    private static String row(List<String> cells) {
        StringBuilder row = new StringBuilder("|");
        cells.forEach(cell -> row.append(' ').append(cell.replace("|", "\\|")).append(" |"));
        return row.append('\n').toString();
    }

    private List<Table> tables() {
        return List.of(overview(), byKind());
    }

    private Table overview() {
        List<List<String>> rows = new ArrayList<>();
        for (EvaluatedForm form : forms) {
            Summary all = form.summary();
            rows.add(List.of(
                    form.name(),
                    share(all),
                    String.format(Locale.ROOT, "%.3f", all.wordErrorRate()),
                    all.response()
                            .map(times -> String.format(
                                    Locale.ROOT, "%.2f (%.2f to %.2f)", times.median(), times.low(), times.high()))
                            .orElse("none"),
                    all.silent() + " of " + all.cases(),
                    String.format(Locale.ROOT, "%.0f", all.loudest())));
        }
        return new Table(
                "Answers",
                List.of(
                        "weights",
                        "exact",
                        "word errors",
                        "first word after the question, s (5 to 95 %)",
                        "silent while the user speaks",
                        "loudest frame meanwhile, dBFS"),
                rows);
    }

    private Table byKind() {
        List<String> head = new ArrayList<>(List.of("kind"));
        List<Map<String, Summary>> columns = new ArrayList<>();
        for (EvaluatedForm form : forms) {
            head.add(form.name());
            columns.add(Summary.byKind(form.results()));
        }
        List<List<String>> rows = new ArrayList<>();
        for (String kind : set.kinds()) {
            List<String> row = new ArrayList<>(List.of(kind));
            columns.forEach(column -> row.add(share(column.get(kind))));
            rows.add(row);
        }
        return new Table("Exact answers by kind of question", head, rows);
    }

    private static String share(Summary summary) {
        return String.format(Locale.ROOT, "%d of %d (%.3f)", summary.exact(), summary.cases(), summary.exactShare());
    }

    /** Returns the questions that were answered wrongly in at least one form. */
    private List<EvaluationCase> wrong() {
        return set.cases().stream()
                .filter(each -> forms.stream()
                        .flatMap(form -> form.results().stream())
                        .anyMatch(result -> result.id().equals(each.id()) && !result.isExact()))
                .toList();
    }

    /** Copies pictures of questions with wrong answers; returns their links by the question's id. */
    private Map<String, String> pictures(Path folder) throws IOException {
        Map<String, String> links = new LinkedHashMap<>();
        for (EvaluationCase each : wrong()) {
            if (each.picture().isPresent()) {
                Path picture = each.picture().get();
                String name = picture.getFileName().toString();
                String copy = each.id()
                        + name.substring(Math.max(0, name.lastIndexOf('.'))).replaceAll("[^A-Za-z0-9.]", "");
                Files.createDirectories(folder.resolve(PICTURES));
                Files.copy(picture, folder.resolve(PICTURES).resolve(copy), StandardCopyOption.REPLACE_EXISTING);
                links.put(each.id(), PICTURES + "/" + copy);
            }
        }
        return links;
    }
}
