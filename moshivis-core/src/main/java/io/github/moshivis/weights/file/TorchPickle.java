package io.github.moshivis.weights.file;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the pickle of a file that {@code torch.save} wrote of a dictionary of tensors (pickle protocol 2, Python's {@code
 * pickletools.py}). Builds values and never looks a name up: a global is compared with the few that such a file has, and everything else
 * is refused by name and position, so that no pickle can make this program do anything.
 */
final class TorchPickle {
    private static final String REBUILD_TENSOR = "torch._utils _rebuild_tensor_v2";
    private static final String ORDERED_DICT = "collections OrderedDict";
    private static final Map<String, StoredType> STORAGES = Map.of(
            "torch BFloat16Storage", StoredType.BF16,
            "torch HalfStorage", StoredType.F16,
            "torch FloatStorage", StoredType.F32,
            "torch LongStorage", StoredType.I64);

    private static final Object MARK = new Object();

    private final ByteBuffer in;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private TorchPickle(ByteBuffer in) {
        this.in = in;
    }

    /**
     * A tensor as the pickle describes it.
     *
     * @param type of its elements
     * @param storage the name of the entry with the elements
     * @param elements in the storage
     * @param shape its dimensions
     */
    record Tensor(StoredType type, String storage, long elements, Shape shape) {}

    private record Global(String name) {}

    private record Storage(StoredType type, String key, long elements) {}

    /**
     * Reads a dictionary of tensors.
     *
     * @param bytes the whole pickle
     * @return its tensors by key, in order
     * @throws IllegalArgumentException naming the unsupported content and its position
     */
    static Map<String, Tensor> read(byte[] bytes) {
        TorchPickle pickle = new TorchPickle(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        try {
            return pickle.run();
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the pickle ends after " + bytes.length + " bytes", e);
        }
    }

    private Map<String, Tensor> run() {
        while (true) {
            int position = in.position();
            int opcode = in.get() & 0xFF;
            switch (opcode) {
                case 0x80 -> require(in.get() == 2, "a protocol other than 2", position);
                case '}' -> stack.push(new LinkedHashMap<Object, Object>());
                case '(' -> stack.push(MARK);
                case 'X' -> stack.push(text(position));
                case 'c' -> stack.push(new Global(line() + " " + line()));
                case 'q' -> memo.put(in.get() & 0xFF, top(position));
                case 'r' -> memo.put(in.getInt(), top(position));
                case 'h' -> stack.push(remembered(in.get() & 0xFF, position));
                case 'j' -> stack.push(remembered(in.getInt(), position));
                case 'K' -> stack.push((long) (in.get() & 0xFF));
                case 'M' -> stack.push((long) (in.getShort() & 0xFFFF));
                case 'J' -> stack.push((long) in.getInt());
                case ')' -> stack.push(List.of());
                case 0x85 -> stack.push(popped(1, position));
                case 0x86 -> stack.push(popped(2, position));
                case 0x87 -> stack.push(popped(3, position));
                case 't' -> stack.push(toMark(position));
                case 0x88 -> stack.push(true);
                case 0x89 -> stack.push(false);
                case 'Q' -> stack.push(storage(pop(position), position));
                case 'R' -> reduce(position);
                case 's' -> set(popped(2, position), position);
                case 'u' -> set(toMark(position), position);
                case '.' -> {
                    return dictionary(pop(position), position);
                }
                default -> throw bad(String.format("the opcode 0x%02x", opcode), position);
            }
        }
    }

    private void reduce(int position) {
        Object arguments = pop(position);
        Object function = pop(position);
        if (function instanceof Global global && arguments instanceof List<?> list) {
            if (global.name().equals(ORDERED_DICT) && list.isEmpty()) {
                stack.push(new LinkedHashMap<Object, Object>());
                return;
            }
            if (global.name().equals(REBUILD_TENSOR)) {
                stack.push(tensor(list, position));
                return;
            }
        }
        throw bad("a call of " + (function instanceof Global global ? global.name() : "something else"), position);
    }

    /** (storage, offset, sizes, strides, requires_grad, hooks) */
    private static Tensor tensor(List<?> arguments, int position) {
        boolean known = arguments.size() == 6
                && arguments.get(0) instanceof Storage
                && arguments.get(1).equals(0L)
                && arguments.get(2) instanceof List<?>
                && arguments.get(3) instanceof List<?>
                && arguments.get(4) instanceof Boolean
                && arguments.get(5) instanceof Map<?, ?> hooks
                && hooks.isEmpty();
        require(known, "a tensor of another form", position);
        Storage storage = (Storage) arguments.get(0);
        Shape shape = shape(longs((List<?>) arguments.get(2), position), position);
        List<Long> strides = longs((List<?>) arguments.get(3), position);
        require(strides.size() == shape.rank(), "strides that do not fit the sizes", position);
        long stride = 1;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            boolean contiguous = shape.dimension(i) == 1 || strides.get(i) == stride;
            require(contiguous, "a tensor that is not contiguous", position);
            stride *= shape.dimension(i);
        }
        require(
                shape.elements() == storage.elements(),
                "sizes " + shape + " over " + storage.elements() + " elements",
                position);
        return new Tensor(storage.type(), storage.key(), storage.elements(), shape);
    }

    /** ("storage", type, key, location, elements); where the tensor lay when it was saved does not matter. */
    private static Storage storage(Object id, int position) {
        if (id instanceof List<?> tuple
                && tuple.size() == 5
                && tuple.get(0).equals("storage")
                && tuple.get(1) instanceof Global type
                && tuple.get(2) instanceof String key
                && tuple.get(4) instanceof Long elements) {
            StoredType stored = STORAGES.get(type.name());
            require(stored != null, "a storage of type " + type.name(), position);
            return new Storage(stored, key, elements);
        }
        throw bad("a persistent id of another form", position);
    }

    private static Shape shape(List<Long> sizes, int position) {
        try {
            return Shape.of(sizes);
        } catch (IllegalArgumentException e) {
            throw bad("a tensor of sizes " + sizes, position);
        }
    }

    private static List<Long> longs(List<?> values, int position) {
        List<Long> result = new ArrayList<>();
        for (Object value : values) {
            require(value instanceof Long number && number >= 0, "a size that is no number", position);
            result.add((Long) value);
        }
        require(result.size() <= Shape.MAX_RANK, result.size() + " dimensions", position);
        return result;
    }

    private void set(List<Object> pairs, int position) {
        require(
                top(position) instanceof LinkedHashMap<?, ?> && pairs.size() % 2 == 0,
                "items of no dictionary",
                position);
        @SuppressWarnings("unchecked") // just checked; only this class makes them
        Map<Object, Object> map = (Map<Object, Object>) top(position);
        for (int i = 0; i < pairs.size(); i += 2) {
            // The hash of a nested key would recurse as deep as the file says.
            require(pairs.get(i) instanceof String, "a key that is no text", position);
            map.put(pairs.get(i), pairs.get(i + 1));
        }
    }

    private static Map<String, Tensor> dictionary(Object value, int position) {
        require(value instanceof Map<?, ?>, "no dictionary", position);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((key, item) -> {
            require(key instanceof String && item instanceof Tensor, "an entry that is no named tensor", position);
            tensors.put((String) key, (Tensor) item);
        });
        return tensors;
    }

    private List<Object> toMark(int position) {
        List<Object> items = new ArrayList<>();
        for (Object item = pop(position); item != MARK; item = pop(position)) {
            items.add(0, item);
        }
        return items;
    }

    private List<Object> popped(int count, int position) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(0, pop(position));
        }
        return items;
    }

    private Object pop(int position) {
        require(!stack.isEmpty(), "an operation without its operands", position);
        return stack.pop();
    }

    private Object top(int position) {
        require(!stack.isEmpty(), "an operation without its operand", position);
        return stack.peek();
    }

    private Object remembered(int index, int position) {
        Object value = memo.get(index);
        require(value != null, "a reference to nothing", position);
        return value;
    }

    private String text(int position) {
        int length = in.getInt();
        require(length >= 0 && length <= in.remaining(), "a text of " + length + " bytes", position);
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (char next = (char) (in.get() & 0xFF); next != '\n'; next = (char) (in.get() & 0xFF)) {
            line.append(next);
        }
        return line.toString();
    }

    private static void require(boolean holds, String found, int position) {
        if (!holds) {
            throw bad(found, position);
        }
    }

    private static IllegalArgumentException bad(String found, int position) {
        return new IllegalArgumentException("the pickle has " + found + " at byte " + position);
    }
}
