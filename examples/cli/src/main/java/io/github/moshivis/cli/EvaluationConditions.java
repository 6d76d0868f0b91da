package io.github.moshivis.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.moshivis.evaluate.EvaluationSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Conditions on which the answers of an evaluation depend: questions, model, options. They are stored beside the answers, so that a report
 * never mixes answers of different conditions.
 *
 * @param facts names and values, in the order to be shown
 */
record EvaluationConditions(Map<String, String> facts) {
    private static final String NAME = "about.json";
    private static final int HASH_DIGITS = 16;

    /** Options that do not change answers, only duration or place. */
    private static final Set<String> NEUTRAL =
            Set.of("--out", "--compare", "--conversations", "--threads", "--token-file", "--verbose");

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * Returns the conditions of a parsed command.
     *
     * @throws IOException if the set cannot be read
     */
    static EvaluationConditions of(CommandSpec command, String model, EvaluationSet set) throws IOException {
        String options = command.commandLine().getParseResult().matchedOptions().stream()
                .filter(option -> !NEUTRAL.contains(option.longestName()))
                .map(option -> (option.longestName() + " " + String.join(",", option.originalStringValues())).strip())
                .sorted()
                .collect(Collectors.joining(" "));
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", model);
        facts.put("questions", set.cases().size() + ", file of SHA-256 " + hash(set.file()));
        facts.put("options", options.isEmpty() ? "none" : options);
        facts.put("version", String.join(" ", new Version().getVersion()));
        return new EvaluationConditions(facts);
    }

    private static String hash(Path file) throws IOException {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("Every Java platform has SHA-256", e);
        }
    }

    /**
     * Writes the conditions to a folder, unless it has them.
     *
     * @throws IllegalArgumentException if the folder holds an evaluation under other conditions
     * @throws IOException if the folder cannot be read or written
     */
    void keep(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            Files.createDirectories(folder);
            Path partial = Files.createTempFile(folder, NAME, ".partial"); // a killed run must not leave half of it
            JSON.writeValue(partial.toFile(), facts);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Map<String, String> before = read(file);
        if (!before.equals(facts)) {
            throw new IllegalArgumentException("Cannot go on with the evaluation in " + folder.toAbsolutePath()
                    + ": found " + before + ", expected " + facts + ". Choose another --out, or give the same options");
        }
    }

    private static Map<String, String> read(Path file) throws IOException {
        try {
            return JSON.readValue(file.toFile(), new TypeReference<LinkedHashMap<String, String>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "Cannot go on with the evaluation in "
                            + file.toAbsolutePath().getParent() + ": found damage in " + NAME
                            + ", expected what an evaluation wrote. Choose another --out",
                    e);
        }
    }
}
