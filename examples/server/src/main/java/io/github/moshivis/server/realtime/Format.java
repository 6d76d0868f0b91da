package io.github.moshivis.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.client.VoiceFormat;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.server.chat.PcmVoice;
import java.util.Arrays;

/** Audio formats of the protocol, each with its two names. */
enum Format {
    /** 16-bit integers, little-endian, 24 kHz. */
    PCM16("pcm16", "audio/pcm", new PcmVoice(AudioSource.SAMPLE_RATE, PcmEncoding.SIGNED_16)),
    /** G.711 mu-law, 8 kHz. */
    G711_ULAW("g711_ulaw", "audio/pcmu", new PcmVoice(8_000, PcmEncoding.MU_LAW)),
    /** G.711 A-law, 8 kHz. */
    G711_ALAW("g711_alaw", "audio/pcma", new PcmVoice(8_000, PcmEncoding.A_LAW));

    private final String beta;
    private final String type;
    private final PcmVoice voice;

    Format(String beta, String type, PcmVoice voice) {
        this.beta = beta;
        this.type = type;
        this.voice = voice;
    }

    /**
     * Returns the format of a name, or of an object with a type and an optional rate.
     *
     * @param name name of the member, for the message
     * @throws BadEventException if there is no such format
     */
    static Format of(JsonNode node, String name) throws BadEventException {
        String asked = node.isObject() ? node.path("type").asText() : node.asText();
        Format found = Arrays.stream(values())
                .filter(format -> asked.equals(format.beta) || asked.equals(format.type))
                .findFirst()
                .orElseThrow(() -> BadEventException.value(
                        name, asked, "pcm16, g711_ulaw or g711_alaw, or the type audio/pcm, audio/pcmu or audio/pcma"));
        int rate = node.path("rate").asInt(found.voice.rate());
        if (rate != found.voice.rate()) {
            throw BadEventException.value(name + ".rate", Integer.toString(rate), Integer.toString(found.voice.rate()));
        }
        return found;
    }

    /** Returns the name in the beta. */
    String beta() {
        return beta;
    }

    /** Returns the object in the general release. */
    ObjectNode json() {
        ObjectNode format = Events.object().put("type", type);
        return this == PCM16 ? format.put("rate", voice.rate()) : format;
    }

    /** Returns the voice format of a connection with this input format and another output format. */
    VoiceFormat with(Format output) {
        return new VoiceFormat() {
            @Override
            public Encoder encoder() {
                return output.voice.encoder();
            }

            @Override
            public Decoder decoder() {
                return voice.decoder();
            }
        };
    }
}
