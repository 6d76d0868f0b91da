package io.github.moshivis.weights.names;

import io.github.moshivis.weights.file.Shape;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table from our tensor names to those of one file format. Names may hold one-letter placeholders for numbers, as in {@code
 * depth.{s}.layers.{m}.attention.norm}; a file name may also hold {@code {s-1}}. Where a file keeps several of our tensors stacked
 * in one, a rule names the rows; our names are those of the most split form, so that none of ours is made of several.
 *
 * <p>Reading and writing use the same table: {@link #locate} says where each of our tensors is, or belongs. Immutable once built.
 */
public final class TensorNames {
    /**
     * The location of a tensor.
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
         * @return the whole tensor's
         */
        public Shape wholeShape(Shape ours) {
            return ours.with(0, ours.dimension(0) / count * parts);
        }

        /**
         * The shape of the tensor as the file states it.
         *
         * @param ours the shape of our part of it
         * @return that of {@link #wholeShape}, after leading ones
         */
        public Shape shapeInFile(Shape ours) {
            return wholeShape(ours).prependOnes(leadingOnes);
        }
    }

    /** {@code template} is what {@code ours} was made of, {@code theirs} what {@code file} becomes. */
    private record Rule(
            String template,
            Pattern ours,
            Pattern theirs,
            String file,
            String part,
            int count,
            int parts,
            int leadingOnes) {}

    /** Names of the file that start so, with a number of {@code from} or more in the place of the last placeholder. */
    private record Spare(Pattern theirs, BigInteger from) {
        boolean covers(String fileName) {
            Matcher matcher = theirs.matcher(fileName);
            return matcher.lookingAt() && new BigInteger(matcher.group(matcher.groupCount())).compareTo(from) >= 0;
        }
    }

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z])(-1)?}");

    private final List<Rule> rules;
    private final List<Spare> spares;

    private TensorNames(List<Rule> rules, List<Spare> spares) {
        this.rules = List.copyOf(rules);
        this.spares = List.copyOf(spares);
    }

    /** A table in which our names are the file's. */
    public static final TensorNames SAME = new TensorNames(List.of(), List.of());

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

    /**
     * Returns whether a name of the file is that of one of our tensors under a prefix.
     *
     * @param ourPrefix what our name starts with
     * @param fileName a name of the file
     * @return true if so, whether or not the model has that tensor
     */
    public boolean isUnder(String ourPrefix, String fileName) {
        if (rules.isEmpty()) {
            return fileName.startsWith(ourPrefix);
        }
        return rules.stream()
                .anyMatch(rule -> rule.template.startsWith(ourPrefix)
                        && rule.theirs.matcher(fileName).matches());
    }

    /**
     * Returns whether files of this format may hold a tensor that no model needs, such as a copy of another.
     *
     * @param fileName a name of the file
     * @return true if it is to be ignored without complaint
     */
    public boolean isSpare(String fileName) {
        return spares.stream().anyMatch(spare -> spare.covers(fileName));
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
        private final List<Spare> spares = new ArrayList<>();

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
            rules.add(new Rule(ours, pattern(ours), theirs(file), file, "0", 1, 1, 2));
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
            rules.add(new Rule(ours, pattern(ours), theirs(file), file, part, count, parts, 0));
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
            Pattern theirs = Pattern.compile(Pattern.quote(file) + ".*");
            rules.add(new Rule(ours, pattern, theirs, file + "{t}", "0", 1, 1, 0));
            return this;
        }

        /**
         * Tensors of the file that are not needed: all whose names start with a prefix.
         *
         * @param file the prefix, with at least one placeholder
         * @param from the least number that its last placeholder stands for
         * @return this
         */
        public Builder spare(String file, int from) {
            spares.add(new Spare(theirs(file), BigInteger.valueOf(from)));
            return this;
        }

        /**
         * Completes the table.
         *
         * @return the table
         */
        public TensorNames build() {
            return new TensorNames(rules, spares);
        }

        private static Pattern pattern(String ours) {
            return regex(ours, "(?<$1>\\d+)");
        }

        private static Pattern theirs(String file) {
            return regex(file, "(\\d+)");
        }

        /** The template's text, quoted, with a group in the place of each placeholder. */
        private static Pattern regex(String template, String group) {
            StringBuilder regex = new StringBuilder();
            int end = 0;
            Matcher placeholders = PLACEHOLDER.matcher(template);
            while (placeholders.find()) {
                regex.append(Pattern.quote(template.substring(end, placeholders.start())));
                regex.append(group.replace("$1", placeholders.group(1)));
                end = placeholders.end();
            }
            return Pattern.compile(
                    regex.append(Pattern.quote(template.substring(end))).toString());
        }
    }
}
