package io.github.moshivis.snippets;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.load.LoadOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Example: answers many questions at a time. All conversations share the weights, and each step is one batch. */
public final class ManyConversations {
    private ManyConversations() {}

    /**
     * Answers all questions.
     *
     * @param directory a model
     * @param questions WAV or Ogg/Opus files
     * @param answers a directory for the answers, which have the names of the questions
     */
    public static void run(Path directory, List<Path> questions, Path answers) {
        // sample: many-conversations
        LoadOptions options =
                LoadOptions.defaults().maxConversations(questions.size()); // their memory is allocated here
        try (MoshiVis model = MoshiVis.load(directory, options)) {
            List<Conversation> conversations = new ArrayList<>();
            for (Path question : questions) {
                Path answer = answers.resolve(question.getFileName());
                conversations.add(model.session()
                        .start(SoundFile.source(question).thenSilence(Duration.ofSeconds(4)), SoundFile.sink(answer)));
            }
            conversations.forEach(Conversation::join); // throws the first failure; closing the model ends the others
        }
        // end
    }
}
