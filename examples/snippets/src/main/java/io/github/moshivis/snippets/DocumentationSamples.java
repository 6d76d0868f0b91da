package io.github.moshivis.snippets;

import io.github.moshivis.Conversation;
import io.github.moshivis.ImageFeatures;
import io.github.moshivis.LagPolicy;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.SlotTicket;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Samples of the documentation about models and conversations. They are compiled; the six examples are also run. */
final class DocumentationSamples {
    private DocumentationSamples() {}

    static void conversation(MoshiVis model, AudioSource source, AudioSink sink) throws IOException {
        // sample: conversation
        SessionOptions options = model.session(Path.of("photo.jpg"))
                .sampling(sampling -> sampling.textTemperature(0.6).textTopK(25))
                .seed(42) // the same seed gives the same conversation
                .onText(piece -> System.out.print(piece.text()));

        options.run(source, sink); // until the source ends

        try (Conversation conversation = options.start(source, sink)) {
            conversation.image(Image.read(Path.of("other.jpg"))); // from the next step on
            conversation.join(); // returns after the last event; throws the failure that ended the conversation
        }
        // end
    }

    static void recording(MoshiVis model, Path file, AudioSource source, AudioSink sink) {
        // sample: recording
        model.session().record(file).run(source, sink); // such as talk.wav
        // end
    }

    static Conversation lag(MoshiVis model, AudioSource source, AudioSink sink, Consumer<String> status) {
        // sample: lag
        Conversation conversation = model.session()
                .lagPolicy(LagPolicy.SKIP_OLDEST) // the default for live sources
                .onLag(lag -> status.accept(lag.kind() + " at frame " + lag.frame() + ": " + lag.behind()))
                .start(source, sink);
        // end
        return conversation;
    }

    static void update(Conversation conversation) {
        // sample: update
        conversation.update(sampling -> sampling.textTemperature(0.4).repetitionPenalty(1.2));
        // end
    }

    static void waiting(SessionOptions options, AudioSource source, AudioSink sink) {
        // sample: wait
        options.waitForSlot(Duration.ofMinutes(2))
                .onWaiting(waiting -> System.out.println("You are number " + waiting.position())) // or waiting.close()
                .start(source, sink);
        // end
    }

    static void ticket(MoshiVis model, Image image, AudioSource source, AudioSink sink, Executor executor) {
        // sample: ticket
        SlotTicket ticket = model.ticket(); // ticket.position() tells the caller's place
        ticket.turn()
                .thenRunAsync(() -> model.session(image).ticket(ticket).start(source, sink), executor)
                .whenComplete((done, failure) -> ticket.close()); // frees the slot unless a session has it
        // end
    }

    static SessionOptions features(MoshiVis model, float[] values) {
        // sample: features
        ImageFeatures sizes = model.imageFeatures().orElseThrow(); // width of a token, maximum number of tokens
        int tokens = values.length / sizes.width();
        SessionOptions options = model.session(Image.features(tokens, values)); // token by token
        // end
        return options;
    }

    static MoshiVis loadProgress(Consumer<String> status) {
        // sample: load-progress
        LoadOptions options = LoadOptions.defaults()
                .progress(file ->
                        status.accept(file.name() + ": " + 100 * file.done() / Math.max(1, file.total()) + " %"));
        MoshiVis model = MoshiVis.load("kyutai/moshika-vis-pytorch-bf16", options);
        // end
        return model;
    }

    static MoshiVis gpu(Path directory) {
        // sample: gpu
        MoshiVis model = MoshiVis.load(directory, LoadOptions.defaults().cuda(0).maxConversations(32));
        // end
        return model;
    }

    static MoshiVis quantization(Path directory) {
        // sample: quantization
        MoshiVis model = MoshiVis.load(directory, LoadOptions.defaults().quantization(Quantization.Q8));
        // end
        return model;
    }
}
