package io.github.moshivis.audio;

import io.github.moshivis.audio.opus.OggPackets;
import io.github.moshivis.audio.opus.OggPage;
import io.github.moshivis.audio.opus.OpusCodec;
import io.github.moshivis.audio.opus.OpusErrors;
import io.github.moshivis.audio.opus.OpusHead;
import io.github.moshivis.audio.opus.OpusPacket;

/**
 * One stream of Opus within Ogg ("link" of a chain), from its pages to 24 kHz: drops the pre-skip, conceals lost packets,
 * applies the gain, and for files cuts the end to the last page's granule (RFC 7845, section 4).
 */
final class OpusLink implements AutoCloseable {
    /** Maximum consecutive concealed samples at 48 kHz: speech cannot be extrapolated for more than a second. */
    static final int MAX_CONCEALED = OpusHead.RATE;

    /** Maximum number of consecutive invalid packets. */
    static final int MAX_DAMAGED_IN_A_ROW = 50;

    /** Both channels mixed, in place of the number of one. */
    static final int MIX = -1;

    private final String name;
    private final int serial;
    private final float gain;
    private final int channel;
    private final boolean trimsEnd;
    private final OggPackets packets;
    private final OpusCodec.Decoder decoder;
    /** Samples at 48 kHz per sample of the decoder. */
    private final int ratio;

    private final Resampler resampler;
    private final float[] pcm = new float[2 * OpusPacket.MAX_SAMPLES];

    /** Remaining samples to drop, at the decoder's rate. */
    private int skip;
    /** 1 if the pre-skip is odd at 48 kHz, half a sample more than was dropped at 24. */
    private final int halfSample;

    private int sequence;
    private boolean hasSound;
    private boolean ended;
    /** Of 48 kHz: the granule that this page's packets begin at, the length of the last packet and of the last page. */
    private long granule;

    private int packetSamples;
    private int pageSamples;
    private int concealed;
    private int damagedInARow;
    private long damaged;

    OpusLink(String name, OggPage first, OpusHead head, OpusCodec codec, int channel, boolean trimsEnd) {
        this.name = name;
        this.serial = first.serial();
        this.sequence = first.sequence();
        this.gain = (float) Math.pow(10, head.gain() / (20 * 256.0));
        this.channel = channel;
        this.trimsEnd = trimsEnd;
        this.packets = new OggPackets(name);
        this.decoder = codec.decoder(channel == MIX ? 1 : 2);
        this.ratio = OpusHead.RATE / decoder.rate();
        this.resampler = new Resampler(decoder.rate(), OggOpusDecoder.SAMPLE_RATE);
        this.skip = head.preSkip() / ratio;
        this.halfSample = head.preSkip() % ratio;
    }

    int serial() {
        return serial;
    }

    /** Returns whether a new stream may follow: streams that start before this one's audio are parallel to it. */
    boolean hasBegun() {
        return hasSound || ended;
    }

    /** Number of invalid packets. */
    long damaged() {
        return damaged;
    }

    /** Decodes the next page of the stream. */
    void page(OggPage page, Samples out) {
        int missing = page.sequence() - sequence - 1;
        sequence = page.sequence();
        Samples sound = new Samples();
        if (hasSound && missing > 0) {
            conceal((int) Math.min((long) missing * pageSamples, MAX_CONCEALED), sound);
        }
        pageSamples = 0;
        for (byte[] packet : packets.add(page)) {
            if (hasSound || !OpusHead.isTags(packet)) {
                packet(packet, sound);
            }
        }
        int end = sound.size() - excess(page, sound.size());
        if (page.granule() != OggPage.NO_GRANULE) {
            granule = page.granule();
        }
        int start = Math.min(skip, end);
        skip -= start;
        emit(sound.toArray(), start, end, out);
        if (page.is(OggPage.LAST)) {
            end(out);
        }
    }

    private void packet(byte[] packet, Samples sound) {
        if (packet.length > OggPackets.MAX_KEPT) {
            throw OpusErrors.bad(
                    name,
                    "a packet of more than " + OggPackets.MAX_KEPT + " bytes",
                    "at most that, for 120 ms of sound",
                    "encode it again");
        }
        int samples = OpusPacket.samples(packet);
        int count = samples == 0 ? -1 : decoder.decode(packet, pcm);
        if (count < 0) {
            damaged(packet);
            conceal(packetSamples, sound);
            return;
        }
        hasSound = true;
        packetSamples = samples;
        pageSamples += samples;
        concealed = 0;
        damagedInARow = 0;
        add(count, sound);
    }

    private void add(int count, Samples sound) {
        if (channel != MIX) {
            for (int i = 0; i < count; i++) {
                pcm[i] = pcm[2 * i + channel];
            }
        }
        sound.add(pcm, 0, count);
    }

    private void damaged(byte[] packet) {
        damaged++;
        if (++damagedInARow > MAX_DAMAGED_IN_A_ROW) {
            throw OpusErrors.bad(
                    name,
                    damagedInARow + " invalid packets in a row, the last of " + packet.length + " bytes",
                    "packets of Opus",
                    "encode it again");
        }
    }

    /** Conceals lost packets, up to a number of samples at 48 kHz. */
    private void conceal(int samples, Samples sound) {
        int left = Math.min(samples, MAX_CONCEALED - concealed);
        concealed += left;
        pageSamples += left;
        while (left > 0) {
            int part = Math.min(left, OpusPacket.MAX_SAMPLES);
            decoder.conceal(part / ratio, pcm);
            add(part / ratio, sound);
            left -= part;
        }
    }

    /** Returns the number of samples, at the decoder's rate, that the granule of the last page trims. */
    private int excess(OggPage page, int available) {
        if (!trimsEnd || !page.is(OggPage.LAST) || page.granule() == OggPage.NO_GRANULE) {
            return 0;
        }
        long beyond = granule + (long) available * ratio - page.granule() + halfSample;
        return (int) Math.max(0, Math.min(available, beyond / ratio));
    }

    private void emit(float[] sound, int start, int end, Samples out) {
        for (int i = start; i < end; i++) {
            sound[i] = clipped(sound[i] * gain);
        }
        resampler.write(sound, start, end - start);
        out.drain(resampler);
    }

    /** Replaces NaN by silence: a damaged packet may decode to any values. */
    private static float clipped(float sample) {
        return Float.isNaN(sample) ? 0 : Math.max(-1, Math.min(1, sample));
    }

    /** Adds the last samples of the resampler. Idempotent. */
    void end(Samples out) {
        ended = true;
        resampler.end();
        out.drain(resampler);
    }

    boolean isEnded() {
        return ended;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
