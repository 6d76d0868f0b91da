package io.github.moshivis.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The page's modules, tested in the browser by the files of {@code page-tests}: each case there is a test here. */
class PageModulesTest extends PageFilesTest {
    private static final List<String> FILES =
            List.of("protocol", "connection", "ogg", "jitter-buffer", "sound", "page-parts");

    @TestFactory
    Stream<DynamicContainer> modules() {
        return FILES.stream().map(file -> DynamicContainer.dynamicContainer(file, cases(file)));
    }

    private static Stream<DynamicTest> cases(String file) {
        browser.open(files.address());
        Object results = browser.evaluateAsync(
                "await import('/page-tests/' + args[0] + '.test.js');"
                        + "return (await import('/page-tests/check.js')).results();",
                file);
        assertThat(results).as("results of %s.test.js", file).isInstanceOf(List.class);
        List<?> outcomes = (List<?>) results;
        assertThat(outcomes).as("cases of %s.test.js", file).isNotEmpty();
        return outcomes.stream().map(outcome -> (Map<?, ?>) outcome).map(PageModulesTest::test);
    }

    private static DynamicTest test(Map<?, ?> outcome) {
        return DynamicTest.dynamicTest((String) outcome.get("name"), () -> assertThat(outcome.get("failure"))
                .isNull());
    }
}
