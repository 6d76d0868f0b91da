package io.github.moshivis.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table from our tensor names to those of one file format. Names may hold one-letter placeholders for numbers, as in {@code
 * depth.{s}.layers.{m}.attention.norm}; a file name may also hold {@code {s-1}}. Where a file keeps several of our tensors stacked
 * in one, a rule names the rows. Immutable once built.
 */
public final class TensorNames {
    /**
     * Where a tensor is.
     *
     * @param fileName the tensor in the file
     * @param part the first part of its rows that is ours, from 0
     * @param count how many parts are ours
     * @param parts into how many equal parts the rows are divided; 1 if all are ours
     * @param leadingOnes dimensions of size 1 that the file puts before ours
     */
    public record Location(String fileName, int part, int count, int parts, int leadingOnes) {
        /**
         * The shape of the tensor in the file, without leading ones.
         *
         * @param ours the shape of our part of it
         * @return a new array
         */
        public long[] wholeShape(long... ours) {
            long[] whole = ours.clone();
            whole[0] = ours[0] / count * parts;
            return whole;
        }
    }

    private record Rule(Pattern ours, String file, String part, int count, int parts, int leadingOnes) {}

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z])(-1)?}");

    private final List<Rule> rules;

    private TensorNames(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** A table in which our names are the file's. */
    public static final TensorNames SAME = new TensorNames(List.of());

    /**
     * Starts a table.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Finds one of our tensors.
     *
     * @param name our name
     * @return where it is, or empty if the format has no such tensor
     */
    public Optional<Location> locate(String name) {
        if (rules.isEmpty()) {
            return Optional.of(new Location(name, 0, 1, 1, 0));
        }
        for (Rule rule : rules) {
            Matcher matcher = rule.ours.matcher(name);
            if (matcher.matches()) {
                int part = Integer.parseInt(fill(rule.part, matcher));
                String file = fill(rule.file, matcher);
                return Optional.of(new Location(file, part, rule.count, rule.parts, rule.leadingOnes));
            }
        }
        return Optional.empty();
    }

    private static String fill(String template, Matcher values) {
        return PLACEHOLDER.matcher(template).replaceAll(placeholder -> {
            String value = values.group(placeholder.group(1));
            boolean lessOne = placeholder.group(2) != null;
            return Matcher.quoteReplacement(lessOne ? String.valueOf(Integer.parseInt(value) - 1) : value);
        });
    }

    /** Collects the rules of a table; the first one that matches counts. */
    public static final class Builder {
        private final List<Rule> rules = new ArrayList<>();

        private Builder() {}

        /**
         * A tensor of the file is one of ours.
         *
         * @param ours our name
         * @param file its name
         * @return this
         */
        public Builder name(String ours, String file) {
            return rows(ours, file, "0", 1, 1);
        }

        /**
         * A vector of ours, [D], is [1, 1, D] in the file.
         *
         * @param ours our name
         * @param file its name
         * @return this
         */
        public Builder vector(String ours, String file) {
            rules.add(new Rule(pattern(ours), file, "0", 1, 1, 2));
            return this;
        }

        /**
         * Some rows of a tensor of the file are one of ours.
         *
         * @param ours our name
         * @param file its name
         * @param part the first part of its rows, a number or a placeholder
         * @param count how many parts
         * @param parts into how many parts its rows are divided
         * @return this
         */
        public Builder rows(String ours, String file, String part, int count, int parts) {
            rules.add(new Rule(pattern(ours), file, part, count, parts, 0));
            return this;
        }

        /**
         * All tensors whose names start with a prefix of ours have the same tail after a prefix of the file.
         *
         * @param ours our prefix
         * @param file its prefix
         * @return this
         */
        public Builder prefix(String ours, String file) {
            Pattern pattern = Pattern.compile(Pattern.quote(ours) + "(?<t>.*)");
            rules.add(new Rule(pattern, file + "{t}", "0", 1, 1, 0));
            return this;
        }

        /**
         * Completes the table.
         *
         * @return the table
         */
        public TensorNames build() {
            return new TensorNames(rules);
        }

        private static Pattern pattern(String ours) {
            StringBuilder regex = new StringBuilder();
            int end = 0;
            Matcher placeholders = PLACEHOLDER.matcher(ours);
            while (placeholders.find()) {
                regex.append(Pattern.quote(ours.substring(end, placeholders.start())));
                regex.append("(?<").append(placeholders.group(1)).append(">\\d+)");
                end = placeholders.end();
            }
            regex.append(Pattern.quote(ours.substring(end)));
            return Pattern.compile(regex.toString());
        }
    }
}
