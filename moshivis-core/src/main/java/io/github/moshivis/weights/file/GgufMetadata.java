package io.github.moshivis.weights.file;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Metadata of a GGUF file: numbers, flags and texts as text, arrays by their length only, as no model here is described by one. Source:
 * {@code docs/gguf.md} of ggml-org/ggml.
 *
 * @param values in the order of the file
 */
record GgufMetadata(Map<String, String> values) {
    private static final int UINT8 = 0;
    private static final int INT8 = 1;
    private static final int UINT16 = 2;
    private static final int INT16 = 3;
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int UINT64 = 10;
    private static final int INT64 = 11;
    private static final int FLOAT64 = 12;

    /** A key's length, the type of its value, and a value of one byte. */
    private static final int MIN_ENTRY_BYTES = Long.BYTES + Integer.BYTES + 1;

    /** The type of an inner array's values and their number. */
    private static final int MIN_ARRAY_BYTES = Integer.BYTES + Long.BYTES;

    /** The format allows arrays of arrays; no known writer produces them. */
    private static final int MAX_NESTING = 8;

    static GgufMetadata read(GgufCursor cursor) {
        Map<String, String> values = new LinkedHashMap<>();
        long count = cursor.count("number of metadata entries", MIN_ENTRY_BYTES);
        for (long i = 0; i < count; i++) {
            String key = cursor.text("key of metadata entry " + i);
            String what = "metadata '" + key.replaceAll("\\p{Cntrl}", "?") + "'";
            if (values.put(key, value(cursor, cursor.uint32(what + " type"), what)) != null) {
                throw cursor.damaged(what, "it twice", "each key once");
            }
        }
        return new GgufMetadata(values);
    }

    private static String value(GgufCursor cursor, int type, String what) {
        return switch (type) {
            case UINT8 -> String.valueOf(cursor.uint8(what));
            case INT8 -> String.valueOf((byte) cursor.uint8(what));
            case UINT16 -> String.valueOf(uint16(cursor, what));
            case INT16 -> String.valueOf((short) uint16(cursor, what));
            case UINT32 -> Integer.toUnsignedString(cursor.uint32(what));
            case INT32 -> String.valueOf(cursor.uint32(what));
            case FLOAT32 -> String.valueOf(Float.intBitsToFloat(cursor.uint32(what)));
            case BOOL -> String.valueOf(cursor.uint8(what) != 0);
            case STRING -> cursor.text(what);
            case ARRAY -> array(cursor, what, 1);
            case UINT64 -> Long.toUnsignedString(cursor.uint64(what));
            case INT64 -> String.valueOf(cursor.uint64(what));
            case FLOAT64 -> String.valueOf(Double.longBitsToDouble(cursor.uint64(what)));
            default -> throw unknown(cursor, type, what);
        };
    }

    private static int uint16(GgufCursor cursor, String what) {
        return cursor.uint8(what) | cursor.uint8(what) << Byte.SIZE;
    }

    private static String array(GgufCursor cursor, String what, int nesting) {
        int type = cursor.uint32(what + " element type");
        long count;
        if (type == STRING) {
            count = cursor.count(what + " length", Long.BYTES);
            for (long i = 0; i < count; i++) {
                cursor.skip(cursor.count("length of " + what, 1), what);
            }
        } else if (type == ARRAY) {
            if (nesting == MAX_NESTING) {
                throw cursor.damaged(what, "more than " + nesting + " arrays inside each other", "fewer");
            }
            count = cursor.count(what + " length", MIN_ARRAY_BYTES);
            for (long i = 0; i < count; i++) {
                array(cursor, what, nesting + 1);
            }
        } else {
            int bytes = scalarBytes(cursor, type, what);
            count = cursor.count(what + " length", bytes);
            cursor.skip(count * bytes, what);
        }
        return "array of " + count;
    }

    private static int scalarBytes(GgufCursor cursor, int type, String what) {
        return switch (type) {
            case UINT8, INT8, BOOL -> Byte.BYTES;
            case UINT16, INT16 -> Short.BYTES;
            case UINT32, INT32, FLOAT32 -> Integer.BYTES;
            case UINT64, INT64, FLOAT64 -> Long.BYTES;
            default -> throw unknown(cursor, type, what);
        };
    }

    private static RuntimeException unknown(GgufCursor cursor, int type, String what) {
        return cursor.damaged(what + " type", Integer.toUnsignedString(type), "0 to " + FLOAT64);
    }
}
