package io.github.moshivis.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Walks the fields of one protobuf message (developers.google.com/protocol-buffers/docs/encoding) without a schema and without
 * copying: a nested message is a view of the same bytes. Groups, which nothing has written for decades, are refused. After each
 * {@link #next} exactly one of the value methods, or {@link #skip}, is to be called.
 */
final class ProtobufFields {
    /** Wire types: the low three bits of a tag. */
    static final int VARINT = 0;

    static final int FIXED64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FIXED32 = 5;

    private static final int MAX_VARINT_BYTES = 10;

    private final ByteBuffer bytes;
    private int number;
    private int wireType;

    ProtobufFields(ByteBuffer message) {
        this.bytes = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The bytes are no protobuf message. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    /** Moves to the next field; false at the end of the message. */
    boolean next() throws MalformedException {
        if (!bytes.hasRemaining()) {
            return false;
        }
        long tag = varint();
        number = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        if (tag >>> 32 != 0 || number == 0) {
            throw new MalformedException("field tag " + Long.toUnsignedString(tag));
        }
        return true;
    }

    /** Returns whether the current field has this number, in which case it must have this wire type. */
    boolean is(int fieldNumber, int fieldWireType) throws MalformedException {
        if (number != fieldNumber) {
            return false;
        }
        if (wireType != fieldWireType) {
            throw new MalformedException(
                    "field " + number + " of wire type " + wireType + " where " + fieldWireType + " belongs");
        }
        return true;
    }

    /** The current field as a 32-bit float. */
    float float32() throws MalformedException {
        require(Float.BYTES);
        return bytes.getFloat();
    }

    long varint() throws MalformedException {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            require(1);
            byte next = bytes.get();
            value |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedException("a number of more than " + MAX_VARINT_BYTES + " bytes");
    }

    /** The current field's bytes, as a view. */
    ByteBuffer bytes() throws MalformedException {
        long length = varint();
        require(length);
        ByteBuffer view = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return view;
    }

    void skip() throws MalformedException {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> advance(Long.BYTES);
            case LENGTH_DELIMITED -> bytes();
            case FIXED32 -> advance(Integer.BYTES);
            default -> throw new MalformedException("field " + number + " of unknown wire type " + wireType);
        }
    }

    private void advance(int count) throws MalformedException {
        require(count);
        bytes.position(bytes.position() + count);
    }

    private void require(long count) throws MalformedException {
        if (count < 0 || count > bytes.remaining()) {
            throw new MalformedException(
                    "a field of " + Long.toUnsignedString(count) + " bytes where " + bytes.remaining() + " are left");
        }
    }
}
