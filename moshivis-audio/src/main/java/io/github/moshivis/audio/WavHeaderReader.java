package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.filetype.FileType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a WAV file up to its audio. Chunks may come in any order and unknown ones are skipped; no memory is allocated by a length in the
 * file.
 */
final class WavHeaderReader {
    /** Common format tags; from the registry of RFC 2361 and the Windows SDK's mmreg.h. */
    private static final Map<Integer, String> UNSUPPORTED = Map.ofEntries(
            Map.entry(0x0002, "Microsoft ADPCM"),
            Map.entry(0x0011, "IMA ADPCM"),
            Map.entry(0x0031, "GSM 6.10"),
            Map.entry(0x0050, "MPEG audio"),
            Map.entry(0x0055, "MP3"),
            Map.entry(0x00ff, "AAC"),
            Map.entry(0x0161, "Windows Media Audio"),
            Map.entry(0xf1ac, "FLAC"));

    /** Supported encodings by their bits. */
    private static final Map<Integer, PcmEncoding> INTEGERS = Map.of(
            8, PcmEncoding.UNSIGNED_8, 16, PcmEncoding.SIGNED_16, 24, PcmEncoding.SIGNED_24, 32, PcmEncoding.SIGNED_32);

    private static final Map<Integer, PcmEncoding> FLOATS = Map.of(32, PcmEncoding.FLOAT_32, 64, PcmEncoding.FLOAT_64);

    private static final Map<Integer, PcmEncoding> A_LAW = Map.of(8, PcmEncoding.A_LAW);

    private static final Map<Integer, PcmEncoding> MU_LAW = Map.of(8, PcmEncoding.MU_LAW);

    private static final int FORMAT_EXTENSIBLE = 0xfffe;

    /** The format chunk: its basic part, and the part of WAVE_FORMAT_EXTENSIBLE. */
    private static final int BASIC_FORMAT = 16;

    private static final int EXTENSIBLE_FORMAT = 40;

    /** The last 14 bytes of the sub-format's GUID, KSDATAFORMAT_SUBTYPE_*; the first two are a format tag. */
    private static final String SUBFORMAT_TAIL = "000000001000800000aa00389b71";

    /** Sizes that streaming programs write because they cannot go back (SoX, arecord, browsers, speech servers); a file may have them. */
    private static final Set<Long> PLACEHOLDERS =
            Set.of(0x7fff_f000L, 0x7fff_ff00L, 0x7fff_ffffL, 0x7fff_ffdbL, 0x8000_0000L, 2_000_000_000L);

    /** Sizes from here on are placeholders: the largest number less a header of any kind. */
    private static final long PLACEHOLDERS_FROM = 0xffff_0000L;

    /** A size of at least one GiB that is many times the file's size is also a placeholder, not a truncated file. */
    private static final long FAR_BEYOND = 1L << 30;

    private static final int MANY_TIMES = 8;

    /** So is a size of a long recording that is very many times the file's size. */
    private static final long LONG_SOUND = 100_000_000;

    private static final int VERY_MANY_TIMES = 1000;

    /** Maximum number of chunks before the sound. */
    private static final int MAX_CHUNKS = 10_000;

    private static final int SKIPPED_AT_ONCE = 1 << 13;

    private static final String CONVERT = "convert it, for example with: ffmpeg -i INPUT -c:a pcm_s16le OUTPUT.wav";

    private final String name;
    private final InputStream input;
    private final long fileBytes;
    private long position;
    private boolean is64;
    private long riffBytes;
    private long dataBytes64 = WavHeader.SIZE_LEFT_OPEN;
    private ByteBuffer format;

    /**
     * Creates a reader.
     *
     * @param name name of the file, for messages
     * @param input the stream at its start
     * @param fileBytes size of the file, {@code Long.MAX_VALUE} for a pipe
     */
    WavHeaderReader(String name, InputStream input, long fileBytes) {
        this.name = name;
        this.input = input;
        this.fileBytes = fileBytes;
    }

    /**
     * Reads up to the first byte of audio.
     *
     * @throws MediaException if this is not a supported WAV file, or it is empty or truncated
     * @throws IOException if reading fails
     */
    WavHeader read() throws IOException {
        readRiff();
        for (int chunks = 0; chunks < MAX_CHUNKS; chunks++) {
            ByteBuffer chunk = take(8);
            if (chunk.remaining() < 8) {
                throw bad("the end of the file and no data chunk", "one with the sound", "record or convert it again");
            }
            String id = ascii(chunk);
            long length = Integer.toUnsignedLong(chunk.getInt());
            switch (id) {
                case "data" -> {
                    return header(length);
                }
                case "fmt " -> format = body(length, EXTENSIBLE_FORMAT);
                case "ds64" -> readSizes(body(length, 24));
                default -> body(length, 0);
            }
        }
        throw bad("no data chunk among the first " + MAX_CHUNKS, "one with the sound", "record or convert it again");
    }

    private void readRiff() throws IOException {
        ByteBuffer riff = take(12);
        if (riff.remaining() < 12) {
            throw noWav(riff.array(), "a file of " + position + " bytes", "at least a header of 12");
        }
        String magic = ascii(riff);
        riffBytes = Integer.toUnsignedLong(riff.getInt());
        String form = ascii(riff);
        is64 = magic.equals("RF64") || magic.equals("BW64");
        if (!(is64 || magic.equals("RIFF")) || !form.equals("WAVE")) {
            throw noWav(
                    riff.array(),
                    "\"" + printable(magic) + "\" and \"" + printable(form) + "\" at its beginning",
                    "\"RIFF\" (or \"RF64\") and \"WAVE\"");
        }
    }

    /** Names the type of the file if it is known. */
    private MediaException noWav(byte[] header, String found, String expected) throws IOException {
        byte[] beginning = Arrays.copyOf(header, FileType.LOOKED_AT);
        int length = header.length + input.readNBytes(beginning, header.length, beginning.length - header.length);
        Optional<FileType> foreign = FileType.of(Arrays.copyOf(beginning, length));
        String remedy = foreign.flatMap(type -> type.remedy("sound")).orElse("give a WAV file, or " + CONVERT);
        return bad(
                foreign.map(FileType::description).orElse(found),
                foreign.isPresent() ? "a WAV file" : expected,
                remedy);
    }

    private void readSizes(ByteBuffer ds64) {
        if (ds64.remaining() == 24) {
            riffBytes = ds64.getLong();
            dataBytes64 = ds64.getLong();
        }
    }

    private WavHeader header(long declared) {
        if (format == null || format.remaining() < BASIC_FORMAT) {
            throw bad("no complete format chunk before the data", "a \"fmt \" chunk", "record or convert it again");
        }
        int tag = format.getShort() & 0xffff;
        int channels = format.getShort() & 0xffff;
        long rate = Integer.toUnsignedLong(format.getInt());
        format.getInt(); // bytes a second, which is redundant
        int frameBytes = format.getShort() & 0xffff;
        int bits = format.getShort() & 0xffff;
        PcmEncoding encoding = encoding(tag == FORMAT_EXTENSIBLE ? subformat() : tag, bits);
        if (channels == 0 || frameBytes != channels * encoding.bytesPerSample()) {
            throw bad(
                    channels + " channels of " + bits + " bits in " + frameBytes + " bytes",
                    "at least 1 channel, and bytes that fit the channels",
                    "the header contradicts itself: record or convert it again");
        }
        if (rate < Resampler.MIN_RATE || rate > Resampler.MAX_RATE) {
            throw bad(
                    "a sample rate of " + rate + " Hz",
                    Resampler.MIN_RATE + " to " + Resampler.MAX_RATE + " Hz",
                    "check how it was made");
        }
        return new WavHeader(encoding, channels, (int) rate, soundBytes(declared, frameBytes));
    }

    private int subformat() {
        StringBuilder tail = new StringBuilder();
        for (int i = 26; i < format.limit(); i++) {
            tail.append(String.format("%02x", format.get(i)));
        }
        if (!tail.toString().equals(SUBFORMAT_TAIL)) {
            throw bad("the sub-format \"" + tail + "\"", "one for PCM or floats", CONVERT);
        }
        return format.getShort(24) & 0xffff;
    }

    private PcmEncoding encoding(int tag, int bits) {
        PcmEncoding encoding =
                switch (tag) {
                    case WavHeader.FORMAT_PCM -> INTEGERS.get(bits);
                    case WavHeader.FORMAT_IEEE_FLOAT -> FLOATS.get(bits);
                    case WavHeader.FORMAT_A_LAW -> A_LAW.get(bits);
                    case WavHeader.FORMAT_MU_LAW -> MU_LAW.get(bits);
                    default -> null;
                };
        if (encoding != null) {
            return encoding;
        }
        String found =
                switch (tag) {
                    case WavHeader.FORMAT_PCM -> "integers";
                    case WavHeader.FORMAT_IEEE_FLOAT -> "floats";
                    case WavHeader.FORMAT_A_LAW -> "A-law";
                    case WavHeader.FORMAT_MU_LAW -> "mu-law";
                    default -> UNSUPPORTED.getOrDefault(tag, "format " + tag);
                };
        throw bad(
                found + " of " + bits + " bits",
                "PCM with integers of 8, 16, 24 or 32 bits, floats of 32 or 64, or mu-law or A-law of 8",
                CONVERT);
    }

    /** Returns the declared size unless it is a placeholder; refuses one beyond the end of the file. */
    private long soundBytes(long declared, int frameBytes) {
        long left = fileBytes - position;
        long size = is64 && declared == WavHeader.SIZE_LEFT_OPEN ? dataBytes64 : declared;
        if (isLeftOpen(size, left)) {
            if (fileBytes == Long.MAX_VALUE) {
                return WavHeader.TO_END_OF_FILE;
            }
            size = left;
        }
        if (Long.compareUnsigned(size, left) > 0) {
            throw bad(
                    left + " bytes of sound where the header says " + Long.toUnsignedString(size),
                    "all of them",
                    "the file was cut short: copy or record it again");
        }
        if (size < frameBytes) {
            throw empty(name);
        }
        return size - size % frameBytes;
    }

    /** Returns whether a size is a placeholder that means "to the end": by convention all bits are set, in 32 or 64 bits, or none. */
    private boolean isLeftOpen(long size, long left) {
        if (size == 0) {
            return riffBytes + 8 != fileBytes;
        }
        if (size == WavHeader.SIZE_LEFT_OPEN || size == -1) {
            return true;
        }
        if (fileBytes == Long.MAX_VALUE) {
            return size >= FAR_BEYOND;
        }
        boolean known = PLACEHOLDERS.contains(size) || size >= PLACEHOLDERS_FROM && size < WavHeader.SIZE_LEFT_OPEN;
        return size > left
                && (known || size >= LONG_SOUND && size / (size >= FAR_BEYOND ? MANY_TIMES : VERY_MANY_TIMES) >= left);
    }

    /** Returns the first bytes of a chunk, up to a maximum; skips the rest and the padding to an even length. */
    private ByteBuffer body(long length, int atMost) throws IOException {
        ByteBuffer body = take((int) Math.min(length, atMost));
        skip(length + length % 2 - body.remaining());
        return body;
    }

    /** Skips by reading, because a pipe cannot seek; ends at the end of the file, which the next chunk's absence reports. */
    private void skip(long length) throws IOException {
        byte[] ignored = new byte[(int) Math.min(length, SKIPPED_AT_ONCE)];
        long left = length;
        while (left > 0) {
            int read = input.readNBytes(ignored, 0, (int) Math.min(left, ignored.length));
            if (read == 0) {
                return;
            }
            left -= read;
            position += read;
        }
    }

    /** Reads a number of bytes, or fewer at the end of the file. */
    private ByteBuffer take(int length) throws IOException {
        byte[] bytes = input.readNBytes(length);
        position += bytes.length;
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String ascii(ByteBuffer bytes) {
        byte[] id = new byte[4];
        bytes.get(id);
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    private static String printable(String id) {
        return id.replaceAll("[^ -~]", "?");
    }

    private MediaException bad(String found, String expected, String remedy) {
        return bad(name, found, expected, remedy);
    }

    static MediaException empty(String name) {
        return bad(name, "an empty WAV, without a single sample", "some sound", "check the recording");
    }

    static MediaException bad(String name, String found, String expected, String remedy) {
        return new MediaException(
                "Cannot read the WAV file " + name + ": found " + found + ", expected " + expected + "; " + remedy);
    }
}
