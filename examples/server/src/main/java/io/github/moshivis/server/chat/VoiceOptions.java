package io.github.moshivis.server.chat;

import java.util.List;
import java.util.Optional;

/**
 * The operator's choice of voices and role for a PersonaPlex model.
 *
 * @param allowed voices that callers may choose: released voices, or files, which are offered by name without directory and ending; empty
 *     for all released voices
 * @param voice default voice: a name or a file, which callers may also choose
 * @param role default role
 */
public record VoiceOptions(List<String> allowed, Optional<String> voice, Optional<String> role) {
    /** All released voices; no default voice or role. */
    public static final VoiceOptions DEFAULT = new VoiceOptions(List.of(), Optional.empty(), Optional.empty());

    /** Returns whether nothing was chosen. */
    boolean isDefault() {
        return equals(DEFAULT);
    }
}
