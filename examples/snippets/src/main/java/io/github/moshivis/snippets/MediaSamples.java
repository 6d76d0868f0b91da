package io.github.moshivis.snippets;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.audio.EchoCanceller;
import io.github.moshivis.audio.LevelMeter;
import io.github.moshivis.audio.Microphone;
import io.github.moshivis.audio.OggOpus;
import io.github.moshivis.audio.OggOpusDecoder;
import io.github.moshivis.audio.OggOpusEncoder;
import io.github.moshivis.audio.OpusSettings;
import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.audio.RawPcm;
import io.github.moshivis.audio.Speaker;
import io.github.moshivis.io.AudioPublisher;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.AudioSubscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;

/** Samples of the documentation about audio. They are compiled; the six examples are also run. */
final class MediaSamples {
    private MediaSamples() {}

    static void echo(SessionOptions options, EchoCanceller canceller) {
        // sample: echo
        options.start(
                canceller.source(Microphone.standard()), Speaker.standard().echoTo(canceller));
        // end
    }

    static void level(SessionOptions options) {
        // sample: level
        LevelMeter user = new LevelMeter();
        options.start(user.source(Microphone.standard()), Speaker.standard());
        System.out.println(user.level().rms()); // dBFS: 0 is full scale, minus infinity is silence
        // end
    }

    static void raw(SessionOptions options) {
        // sample: raw
        RawPcm format = new RawPcm(16_000, 1, PcmEncoding.SIGNED_16);
        options.run(format.liveSource(System.in), format.sink(System.out));
        // end
    }

    static void opusFiles(SessionOptions options) {
        // sample: opus-files
        AudioSource question =
                OggOpus.source(Path.of("question.opus")); // or an InputStream; OggOpus.live(stream) for a network
        AudioSink answer = OggOpus.sink(Path.of("answer.opus")); // or an OutputStream
        // end
        options.run(question, answer);
    }

    static List<byte[]> opusMessages(byte[] message) {
        // sample: opus-messages
        try (OggOpusDecoder decoder = new OggOpusDecoder();
                OggOpusEncoder encoder = new OggOpusEncoder(OpusSettings.live().frame(Duration.ofMillis(40)))) {
            float[] samples = decoder.decode(message); // any bytes: the samples they complete, 24 kHz mono
            byte[] pages = encoder.encode(samples); // any samples: the pages they complete, the header's first
            byte[] last = encoder.end();
            return List.of(pages, last);
        }
        // end
    }

    static Conversation flow(MoshiVis model, Flow.Publisher<float[]> incoming, Flow.Subscriber<float[]> outgoing) {
        // sample: flow
        AudioSubscriber heard = new AudioSubscriber();
        AudioPublisher spoken = new AudioPublisher();
        incoming.subscribe(heard); // arrays of 24 kHz mono
        spoken.subscribe(outgoing);
        Conversation conversation = model.session().start(heard, spoken);
        // end
        return conversation;
    }
}
