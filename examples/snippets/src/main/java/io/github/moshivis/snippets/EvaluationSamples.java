package io.github.moshivis.snippets;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.evaluate.CaseResult;
import io.github.moshivis.evaluate.EvaluationSet;
import io.github.moshivis.evaluate.Evaluator;
import io.github.moshivis.evaluate.Summary;
import io.github.moshivis.load.LoadOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Sample of the documentation about evaluations. */
final class EvaluationSamples {
    private EvaluationSamples() {}

    static Summary evaluate(Path directory) {
        // sample: evaluate
        EvaluationSet set = EvaluationSet.read(directory);
        try (MoshiVis model = MoshiVis.nano(LoadOptions.defaults().maxConversations(8))) {
            Evaluator evaluator =
                    new Evaluator(each -> model.session().seed(each.id().hashCode()), Duration.ofSeconds(6));
            List<CaseResult> results = evaluator.evaluate(set.cases(), 8);
            Summary summary = Summary.of(results); // or Summary.byKind(results)
            System.out.println(summary.exactShare());
            return summary;
        }
        // end
    }
}
