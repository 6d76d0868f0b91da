package io.github.moshivis.snippets;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The plan of the house, read from the two places that define it: {@code docs/architecture.md} and {@code pom.xml}. */
final class House {
    static final String ROOT = "io.github.moshivis";
    static final String DOCUMENT = Tree.read(Tree.ROOT.resolve("docs/architecture.md"));

    private static final Pattern FLOOR = Pattern.compile("(?m)^moshivis([\\w.]*) +(API )? *\\S.*$");
    private static final Pattern API = Pattern.compile("<api.packages>(.*?)</api.packages>");

    private House() {}

    /** Packages of core from top to bottom: each may import those after it. */
    static List<String> packages() {
        return floors(false);
    }

    /** Packages of core that the document marks as API. */
    static List<String> markedAsApi() {
        return floors(true);
    }

    private static List<String> floors(boolean apiOnly) {
        List<String> packages = new ArrayList<>();
        Matcher matcher = FLOOR.matcher(DOCUMENT);
        while (matcher.find()) {
            if (!apiOnly || matcher.group(2) != null) {
                packages.add(ROOT + matcher.group(1));
            }
        }
        return packages;
    }

    /** Packages for host applications, of all modules. */
    static List<String> api() {
        Matcher matcher = API.matcher(Tree.read(Tree.ROOT.resolve("pom.xml")));
        if (!matcher.find()) {
            throw new IllegalStateException("pom.xml has no property api.packages");
        }
        return List.of(matcher.group(1).split(","));
    }
}
