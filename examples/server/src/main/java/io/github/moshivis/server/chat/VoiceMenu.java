package io.github.moshivis.server.chat;

import io.github.moshivis.SessionOptions;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Voices that callers of a PersonaPlex model may choose, and the defaults. A name sent by a caller is only looked up here; it never becomes
 * a path. Immutable.
 */
public final class VoiceMenu {
    /** File extension of a stored voice; PersonaPlex's web page includes it in the voice's name. */
    private static final String STORED = ".pt";

    /** Maps each voice name to the value that the library accepts: a released voice's name or a file. */
    private final Map<String, String> voices = new LinkedHashMap<>();

    private final Optional<String> voice;
    private final Optional<String> role;

    /**
     * Creates a menu.
     *
     * @param options the operator's choice
     * @param released names of the voices that came with the model
     * @throws IllegalArgumentException if a chosen voice is neither one of them nor a file, or two have one name
     */
    VoiceMenu(VoiceOptions options, List<String> released) {
        List<String> chosen = new ArrayList<>(options.allowed().isEmpty() ? released : options.allowed());
        options.voice().filter(standard -> !chosen.contains(standard)).ifPresent(chosen::add);
        for (String one : chosen) {
            String other = voices.put(name(one), found(one, released));
            if (other != null) {
                throw new IllegalArgumentException("Cannot offer two voices with the same name: found " + other
                        + " and " + one + ", expected different names. Rename a file");
            }
        }
        voice = options.voice().map(VoiceMenu::name);
        role = options.role();
    }

    private static String found(String chosen, List<String> released) {
        String plain = withoutEnding(chosen);
        if (released.contains(plain)) {
            return plain;
        }
        try {
            if (Files.isRegularFile(Path.of(chosen))) {
                return chosen;
            }
        } catch (InvalidPathException e) {
            // not a valid path, so neither a released voice nor a file
        }
        throw new IllegalArgumentException("Cannot offer the voice \"" + chosen + "\": found no such file, and "
                + (released.isEmpty() ? "no voices beside the model" : "the voices " + released)
                + ". Correct --voices or --voice");
    }

    /** Returns the name of a voice for callers: without directory and ending. */
    private static String name(String chosen) {
        String last = chosen.substring(1 + Math.max(chosen.lastIndexOf('/'), chosen.lastIndexOf('\\')));
        return last.replaceFirst("(?<=.)\\.[^.]*$", "");
    }

    private static String withoutEnding(String name) {
        return name.endsWith(STORED) ? name.substring(0, name.length() - STORED.length()) : name;
    }

    /**
     * Returns the name of the voice that a caller requests.
     *
     * @param asked a name, with or without the ending of the release's files
     * @return empty if there is none
     */
    Optional<String> named(String asked) {
        return Optional.of(withoutEnding(asked)).filter(voices::containsKey);
    }

    /** Names of all voices, in the operator's order. */
    List<String> names() {
        return List.copyOf(voices.keySet());
    }

    /** Returns the default voice. */
    Optional<String> voice() {
        return voice;
    }

    /** Returns the default role. */
    Optional<String> role() {
        return role;
    }

    /** Options of a conversation with a voice of this menu and a role. */
    SessionOptions apply(SessionOptions options, Optional<String> voiceName, Optional<String> roleText) {
        SessionOptions spoken = voiceName.map(voices::get).map(options::voice).orElse(options);
        return roleText.map(spoken::role).orElse(spoken);
    }
}
