package io.github.moshivis.audio;

import io.github.moshivis.audio.opus.OggPage;
import io.github.moshivis.audio.opus.OggPageReader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sounds for the tests of Opus, and short ways through encoder, pages and decoder. */
final class OpusSounds {
    private OpusSounds() {}

    /** Something like a voice: a sum of harmonics whose pitch and loudness go up and down. */
    static float[] voice(double seconds) {
        float[] samples = new float[(int) Math.round(seconds * 24_000)];
        double phase = 0;
        for (int i = 0; i < samples.length; i++) {
            double time = i / 24_000.0;
            phase += 2 * Math.PI * (140 + 30 * Math.sin(2 * Math.PI * 1.7 * time)) / 24_000;
            double sum = 0;
            for (int harmonic = 1; harmonic <= 12; harmonic++) {
                sum += Math.sin(harmonic * phase) / harmonic;
            }
            samples[i] = (float) (0.2 * (1 + 0.8 * Math.sin(2 * Math.PI * 3 * time)) * sum);
        }
        return samples;
    }

    /** The whole stream of a sound. */
    static byte[] encode(OpusSettings settings, float[] sound) {
        try (OggOpusEncoder encoder = new OggOpusEncoder(settings, 42)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(encoder.encode(sound));
            bytes.writeBytes(encoder.end());
            return bytes.toByteArray();
        }
    }

    /** The sound of a live stream, which comes in pieces of one size. */
    static float[] decode(byte[] stream, int piece) {
        try (OggOpusDecoder decoder = new OggOpusDecoder()) {
            return decode(decoder, stream, piece);
        }
    }

    /** The sound of a file. */
    static float[] decodeFile(byte[] file) {
        try (OggOpusDecoder decoder = new OggOpusDecoder("the file", OpusLink.MIX, true)) {
            return decode(decoder, file, file.length);
        }
    }

    static float[] decode(OggOpusDecoder decoder, byte[] stream, int piece) {
        Samples sound = new Samples();
        for (int start = 0; start < stream.length; start += piece) {
            float[] part = decoder.decode(stream, start, Math.min(piece, stream.length - start));
            sound.add(part, 0, part.length);
        }
        float[] rest = decoder.end();
        sound.add(rest, 0, rest.length);
        return sound.toArray();
    }

    static List<OggPage> pages(byte[] stream) {
        OggPageReader reader = new OggPageReader("the test");
        reader.add(stream, 0, stream.length);
        List<OggPage> pages = new ArrayList<>();
        for (OggPage page = reader.next(); page != null; page = reader.next()) {
            pages.add(page);
        }
        return pages;
    }

    static byte[] bytes(List<OggPage> pages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (OggPage page : pages) {
            bytes.writeBytes(page.toBytes());
        }
        return bytes.toByteArray();
    }

    /** How much of one sound is in another at the same time: 1 if it is the same, 0 if they have nothing in common. */
    static double likeness(float[] a, float[] b) {
        return likeness(a, 0, b, 0, Math.min(a.length, b.length));
    }

    static double likeness(float[] a, int startA, float[] b, int startB, int length) {
        double product = 0;
        double squareA = 1e-9;
        double squareB = 1e-9;
        for (int i = 0; i < length; i++) {
            double x = a[startA + i];
            double y = b[startB + i];
            product += x * y;
            squareA += x * x;
            squareB += y * y;
        }
        return product / Math.sqrt(squareA * squareB);
    }

    static double rms(float[] samples, int from, int to) {
        double sum = 0;
        for (float sample : Arrays.copyOfRange(samples, from, to)) {
            sum += (double) sample * sample;
        }
        return Math.sqrt(sum / (to - from));
    }
}
