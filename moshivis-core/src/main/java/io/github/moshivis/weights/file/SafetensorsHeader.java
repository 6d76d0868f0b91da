package io.github.moshivis.weights.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.filetype.ModelFileType;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The checked header of a safetensors file: maps in the header's order, offsets counted from the start of the file. */
public record SafetensorsHeader(Map<String, String> metadata, Map<String, StoredTensor> tensors) {
    /** The maximum that the reference library accepts (safetensors, {@code MAX_HEADER_SIZE}). */
    static final long MAX_HEADER_BYTES = 100_000_000;

    /** The bytes before the header: its length as a little-endian 64-bit number. */
    static final int LENGTH_BYTES = 8;

    private static final String DOWNLOAD_AGAIN = "Download or convert the file again.";

    static SafetensorsHeader read(Path file, FileChannel channel, long maxTensorBytes) throws IOException {
        ModelFileType.refuseForeign(file, "a safetensors file");
        long fileBytes = channel.size();
        long headerBytes = headerBytes(file, channel, fileBytes);
        long dataStart = LENGTH_BYTES + headerBytes;
        SafetensorsHeader header = parse(file, channel.map(FileChannel.MapMode.READ_ONLY, LENGTH_BYTES, headerBytes));
        checkRanges(file, header.tensors.values(), dataStart, fileBytes, maxTensorBytes);
        return header;
    }

    private static long headerBytes(Path file, FileChannel channel, long fileBytes) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (length.hasRemaining() && channel.read(length, length.position()) >= 0) {}
        if (length.hasRemaining()) {
            throw damaged(file, "file", fileBytes + " bytes", "at least " + LENGTH_BYTES + " for the header's length");
        }
        long headerBytes = length.getLong(0);
        if (headerBytes < 0 || headerBytes > MAX_HEADER_BYTES) {
            throw damaged(
                    file,
                    "header length",
                    Long.toUnsignedString(headerBytes),
                    "at most " + MAX_HEADER_BYTES + ": this may be another kind of file");
        }
        if (headerBytes > fileBytes - LENGTH_BYTES) {
            throw damaged(
                    file,
                    "header length",
                    Long.toString(headerBytes),
                    "at most the " + (fileBytes - LENGTH_BYTES) + " bytes that follow: the file is truncated");
        }
        return headerBytes;
    }

    private static SafetensorsHeader parse(Path file, ByteBuffer json) throws IOException {
        if (!json.hasRemaining() || json.get(0) != '{') {
            throw damaged(file, "header", "no '{' at its start", "a JSON object: this may be another kind of file");
        }
        long dataStart = LENGTH_BYTES + json.remaining();
        try (Reader reader =
                new InputStreamReader(new ByteBufferBackedInputStream(json), StandardCharsets.UTF_8.newDecoder())) {
            SafetensorsHeaderParser parser = new SafetensorsHeaderParser(file, dataStart);
            parser.parse(reader);
            return new SafetensorsHeader(
                    Collections.unmodifiableMap(parser.metadata()), Collections.unmodifiableMap(parser.tensors()));
        } catch (JsonProcessingException e) {
            throw new CheckpointException(
                    message(file, "header", e.getOriginalMessage(), "JSON of dtype, shape and data_offsets by name"),
                    e);
        } catch (CharacterCodingException e) {
            throw new CheckpointException(message(file, "header", "bytes that are no UTF-8", "UTF-8"), e);
        }
    }

    private static void checkRanges(
            Path file, Collection<StoredTensor> tensors, long dataStart, long fileBytes, long maxTensorBytes) {
        List<StoredTensor> byOffset =
                tensors.stream().sorted(MappedWindows.BY_OFFSET).toList();
        long end = dataStart;
        for (StoredTensor tensor : byOffset) {
            if (tensor.offset() != end) {
                String kind = tensor.offset() < end ? "it overlaps another tensor" : "there is a hole before it";
                throw damaged(
                        file,
                        quoted(tensor.name()),
                        "data_offsets starting at " + (tensor.offset() - dataStart),
                        "a start at " + (end - dataStart) + ": " + kind);
            }
            if (tensor.byteLength() > fileBytes - end) {
                throw damaged(
                        file,
                        quoted(tensor.name()),
                        "data_offsets ending at " + (end - dataStart + tensor.byteLength()),
                        "at most the " + (fileBytes - dataStart) + " bytes of data there are: the file is truncated");
            }
            if (tensor.byteLength() > maxTensorBytes) {
                throw new CheckpointException("Cannot map " + quoted(tensor.name()) + " of safetensors file " + file
                        + ": found " + tensor.byteLength() + " bytes, expected at most " + maxTensorBytes
                        + ", which is what Java maps in one piece. Convert the file to a smaller type.");
            }
            end += tensor.byteLength();
        }
        if (end != fileBytes) {
            throw damaged(
                    file,
                    "data",
                    (fileBytes - dataStart) + " bytes",
                    (end - dataStart) + ", the sum of all tensors: bytes that belong to none follow");
        }
    }

    public static String quoted(String name) {
        String shown = name.length() <= 100 ? name : name.substring(0, 100) + "…";
        return "tensor '" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }

    static CheckpointException damaged(Path file, String what, String found, String expected) {
        return new CheckpointException(message(file, what, found, expected));
    }

    private static String message(Path file, String what, String found, String expected) {
        return "Cannot read safetensors file " + file + ": " + what + ": found " + found + ", expected " + expected
                + ". " + DOWNLOAD_AGAIN;
    }
}
