package io.github.moshivis.snippets;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.Microphone;
import io.github.moshivis.audio.Speaker;
import java.nio.file.Path;

/** Example: a conversation with microphone and speaker until the microphone is unplugged or the program ends. */
public final class MicrophoneToSpeaker {
    private MicrophoneToSpeaker() {}

    /**
     * Runs a conversation about a picture.
     *
     * @param args the model, as a directory or as a name on the hub, and the picture
     */
    public static void main(String[] args) {
        String name = args[0];
        Path picture = Path.of(args[1]);
        // sample: microphone
        try (MoshiVis model = MoshiVis.load(name); // a directory, or "kyutai/moshika-vis-pytorch-bf16"
                Conversation conversation = model.session(picture)
                        .onText(piece -> System.out.print(piece.text()))
                        .start(Microphone.standard(), Speaker.standard())) { // or WAV, Opus, your own streams
            conversation.join();
        }
        // end
    }
}
