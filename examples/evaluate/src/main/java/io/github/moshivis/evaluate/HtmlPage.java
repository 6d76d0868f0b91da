package io.github.moshivis.evaluate;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** HTML page with tables, and with pictures and players of questions with wrong answers. Links are relative. */
final class HtmlPage {
    private static final String HEAD =
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Evaluation</title>
            <style>
            :root { color-scheme: light dark; --line: #8884; --wrong: #c62828; --right: #2e7d32; }
            @media (prefers-color-scheme: dark) { :root { --wrong: #ff8a80; --right: #81c784; } }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }
            dt { opacity: .7; }
            dd { margin: 0; overflow-wrap: anywhere; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; }
            th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); }
            td { white-space: nowrap; }
            td[class] { white-space: normal; }
            article { display: flex; flex-wrap: wrap; gap: 1rem; padding: 1rem 0; border-top: 1px solid var(--line); }
            article > img, article > p { box-sizing: border-box; width: 11rem; height: 11rem; margin: 0; object-fit: contain; border: 1px solid var(--line); }
            article > p { display: grid; place-content: center; }
            article > div { flex: 1 1 24rem; }
            h3 { margin: 0; }
            audio { height: 2rem; width: 15rem; vertical-align: middle; }
            .wrong { color: var(--wrong); }
            .right { color: var(--right); }
            </style>
            </head>
            <body>
            <h1>Evaluation</h1>
            """;

    private final StringBuilder out = new StringBuilder(HEAD);

    HtmlPage(Map<String, String> facts, List<Report.Table> tables) {
        out.append("<dl>\n");
        facts.forEach((name, value) -> line("<dt>%s</dt><dd>%s</dd>", name, value));
        out.append("</dl>\n");
        tables.forEach(this::table);
    }

    /**
     * Completes the page.
     *
     * @param wrong questions to show
     * @param forms answers to them
     * @param pictures links to the pictures, by the question's id
     */
    String of(List<EvaluationCase> wrong, List<EvaluatedForm> forms, Map<String, String> pictures) {
        line("<h2>Wrong answers: %s</h2>", wrong.isEmpty() ? "none" : String.valueOf(wrong.size()));
        if (!wrong.isEmpty()) {
            line("<p>In the recordings, the user is on the left and the model on the right.</p>");
        }
        for (EvaluationCase each : wrong) {
            out.append("<article>\n");
            if (pictures.containsKey(each.id())) {
                line("<img src=\"%s\" alt=\"The picture of question %s\">", pictures.get(each.id()), each.id());
            } else {
                line("<p>no picture</p>");
            }
            line("<div>\n<h3>%s</h3>", each.question().isEmpty() ? each.id() : each.question());
            line("<div>%s, %s. Right: <b>%s</b></div>", each.id(), each.kind(), each.want());
            out.append("<table>\n");
            forms.forEach(form -> form.results().stream()
                    .filter(result -> result.id().equals(each.id()))
                    .forEach(result -> answer(form, result)));
            out.append("</table>\n</div>\n</article>\n");
        }
        return out.append("</body>\n</html>\n").toString();
    }

    private void answer(EvaluatedForm form, CaseResult result) {
        line(
                "<tr><th>%s</th><td class=\"%s\">%s %s</td><td>%s</td>"
                        + "<td><audio controls preload=\"none\" src=\"%s/%s.wav\"></audio></td></tr>",
                form.name(),
                result.isExact() ? "right" : "wrong",
                result.isExact() ? "✓" : "✗",
                result.answer().isEmpty() ? "(nothing)" : result.answer(),
                result.response().isPresent()
                        ? String.format(Locale.ROOT, "%.2f s", result.response().getAsDouble())
                        : "",
                form.folder(),
                result.id());
    }

    private void table(Report.Table table) {
        line("<h2>%s</h2>", table.title());
        out.append("<div class=\"wide\"><table>\n<tr>");
        table.head().forEach(cell -> line("<th>%s</th>", cell));
        out.append("</tr>\n");
        for (List<String> row : table.rows()) {
            out.append("<tr>");
            row.forEach(cell -> line("<td>%s</td>", cell));
            out.append("</tr>\n");
        }
        out.append("</table></div>\n");
    }

    /** Adds a line of markup in which values are escaped. */
    private void line(String markup, Object... values) {
        Object[] escaped = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            escaped[i] = escape(values[i].toString());
        }
        out.append(String.format(Locale.ROOT, markup, escaped)).append('\n');
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
