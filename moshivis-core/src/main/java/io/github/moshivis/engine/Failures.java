package io.github.moshivis.engine;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.tensor.LibTorch;

/** Exceptions and messages for failures on the inference thread. */
final class Failures {
    private Failures() {}

    /** Message of the failed start of an engine: names a lack of memory only if that is the cause. */
    static String startMessage(Engine.Parts parts, Throwable failure) {
        String reason = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            reason = LibTorch.firstLine(cause.getMessage());
            if (cause instanceof OutOfMemoryError || reason.contains("alloc") || reason.contains("out of memory")) {
                return "The state of " + parts.rows() + " conversations cannot be allocated on " + parts.device()
                        + ": found " + reason
                        + ", expected enough memory. Lower LoadOptions.maxConversations or maxImageSize";
            }
        }
        return "The engine cannot start on " + parts.device() + ": found " + reason
                + ", expected a state for each conversation. See MoshiVis.diagnose()";
    }

    /** After an error other than a lack of memory the state is undefined: the engine stops. */
    static void rethrowFatal(Throwable e) {
        if (e instanceof Error error && !(e instanceof OutOfMemoryError)) {
            throw error;
        }
    }

    static RuntimeException translated(String what, Throwable e) {
        if (e instanceof IllegalArgumentException || e instanceof ConversationException) {
            return (RuntimeException) e;
        }
        return new ConversationException(
                EndReason.MODEL_FAILED,
                "The conversation ended: " + what + " failed with " + LibTorch.firstLine(e.getMessage()),
                e);
    }
}
