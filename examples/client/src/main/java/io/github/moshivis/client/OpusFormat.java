package io.github.moshivis.client;

import io.github.moshivis.audio.OggOpusDecoder;
import io.github.moshivis.audio.OggOpusEncoder;
import io.github.moshivis.audio.OpusSettings;

/** Opus in Ogg: one stream per direction, with the header pages in the first message. */
record OpusFormat(OpusSettings settings) implements VoiceFormat {
    @Override
    public Encoder encoder() {
        OggOpusEncoder encoder = new OggOpusEncoder(settings);
        return new Encoder() {
            @Override
            public byte[] encode(float[] pcm) {
                return encoder.encode(pcm);
            }

            @Override
            public byte[] end() {
                return encoder.end();
            }

            @Override
            public void close() {
                encoder.close();
            }
        };
    }

    @Override
    public Decoder decoder() {
        OggOpusDecoder decoder = new OggOpusDecoder();
        return new Decoder() {
            @Override
            public float[] decode(byte[] bytes) {
                return decoder.decode(bytes);
            }

            @Override
            public void close() {
                decoder.close();
            }
        };
    }
}
