package io.github.moshivis.audio;

import io.github.moshivis.audio.opus.OggPackets;
import io.github.moshivis.audio.opus.OggPage;
import io.github.moshivis.audio.opus.OggPageReader;
import io.github.moshivis.audio.opus.OpusErrors;
import io.github.moshivis.audio.opus.OpusHead;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Reads the duration of an Opus file from the granules of its pages, without decoding. For one file. */
final class OggOpusLength {
    private static final int BLOCK = 1 << 16;
    /** More than any recording has: sums of damaged granules stay numbers. */
    private static final long MAX_SAMPLES = 1L << 50;

    private static final double NANOS_PER_SAMPLE = 1e9 / OpusHead.RATE;

    private final String name;
    private OggPage other;
    private boolean begun;
    /** Serial number of the current stream of a chain; samples count at 48 kHz. */
    private int serial;

    private long preSkip;
    private long granule;
    private long samples;

    private OggOpusLength(String name) {
        this.name = name;
    }

    static Duration of(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        OggOpusLength length = new OggOpusLength(absolute.toString());
        try (InputStream input = OneUse.openToRead("Opus", absolute)) {
            length.read(input);
        }
        return Duration.ofNanos(Math.round(length.samples * NANOS_PER_SAMPLE));
    }

    private void read(InputStream input) throws IOException {
        OggPageReader pages = new OggPageReader(name);
        byte[] block = new byte[BLOCK];
        for (int count = input.read(block); count >= 0; count = input.read(block)) {
            pages.add(block, 0, count);
            for (OggPage page = pages.next(); page != null; page = pages.next()) {
                page(page);
            }
        }
        if (!begun) {
            throw OpusErrors.noHead(name, other, "its end before a header", "check the recording");
        }
        finishStream();
    }

    private void page(OggPage page) {
        if (page.is(OggPage.FIRST)) {
            begin(page);
        } else if (begun && page.serial() == serial && page.granule() != OggPage.NO_GRANULE) {
            granule = Math.max(granule, page.granule());
        }
    }

    /** A stream that starts before the audio of another one is parallel to it and ignored. */
    private void begin(OggPage page) {
        List<byte[]> packets = new OggPackets(name).add(page);
        if (packets.isEmpty() || !OpusHead.is(packets.get(0))) {
            other = page;
            return;
        }
        if (begun && granule == 0) {
            return;
        }
        finishStream();
        begun = true;
        serial = page.serial();
        preSkip = OpusHead.read(name, packets.get(0)).preSkip();
    }

    private void finishStream() {
        samples = Math.min(MAX_SAMPLES, samples + Math.min(MAX_SAMPLES, Math.max(0, granule - preSkip)));
        granule = 0;
        preSkip = 0;
    }
}
