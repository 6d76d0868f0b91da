package io.github.moshivis.server.chat;

import java.util.List;
import java.util.Optional;

/**
 * The operator's choice of voices and of a role, for a PersonaPlex model.
 *
 * @param allowed voices that callers may ask for: names of the release, or files, which are known to callers by their names without
 *     folder and ending; empty for all of the release
 * @param voice of callers that ask for none: a name or a file, which may be asked for too
 * @param role of callers that bring none
 */
public record VoiceOptions(List<String> allowed, Optional<String> voice, Optional<String> role) {
    /** All voices of the release; no voice and no role for callers that ask for none. */
    public static final VoiceOptions DEFAULT = new VoiceOptions(List.of(), Optional.empty(), Optional.empty());

    /** True if nothing was chosen. */
    boolean isDefault() {
        return equals(DEFAULT);
    }
}
