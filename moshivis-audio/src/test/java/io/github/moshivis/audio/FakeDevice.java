package io.github.moshivis.audio;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.TargetDataLine;

/** A microphone or a speaker of {@link FakeSound}: its mixer, and the one line that it has at a time. */
public final class FakeDevice {
    /** What happens at the end of a microphone, or when a device is {@linkplain #unplug unplugged}. */
    public enum End {
        /** Its line closes. */
        CLOSES,
        /** It has neither sound nor room any more. */
        STALLS,
        /** It says it has, and gives or takes nothing, as a driver whose device is gone. */
        FAILS
    }

    private static final class Info extends Mixer.Info {
        Info(String name) {
            super(name, "tests", "not a device", "1");
        }
    }

    private final Info info;
    private final Class<? extends DataLine> type;
    private final double speed;
    private final DoubleUnaryOperator sound;
    private final double seconds;

    private List<AudioFormat> formats;
    private boolean busy;
    private boolean failsToClose;
    private volatile End end;
    private End atTheEnd = End.CLOSES;

    private AudioFormat format;
    private int bufferBytes;
    private volatile boolean open;
    private boolean started;
    private long lastLook;
    private double passedFrames;
    private long movedFrames;
    private final ByteArrayOutputStream played = new ByteArrayOutputStream();

    FakeDevice(String name, Class<? extends DataLine> type, double speed, DoubleUnaryOperator sound, double seconds) {
        this.info = new Info(name);
        this.type = type;
        this.speed = speed;
        this.sound = sound;
        this.seconds = seconds;
        formats(format(48_000, type == TargetDataLine.class ? 1 : 2));
    }

    /** 16 bits, little-endian. */
    static AudioFormat format(int rate, int channels) {
        return new AudioFormat(rate, 16, channels, true, false);
    }

    /** Makes it know these formats and no others. */
    FakeDevice formats(AudioFormat... known) {
        formats = List.of(known);
        return this;
    }

    /** Has another program use it. */
    FakeDevice busy() {
        busy = true;
        return this;
    }

    /** Has its driver throw when its line is closed. */
    FakeDevice failsToClose() {
        failsToClose = true;
        return this;
    }

    /** Sets how a microphone ends after its time. */
    FakeDevice atTheEnd(End how) {
        atTheEnd = how;
        return this;
    }

    /** Takes it away. */
    void unplug(End how) {
        end = how;
    }

    /** Whether its line is open. */
    public boolean isOpen() {
        return open;
    }

    /** The format that its line was opened with. */
    AudioFormat openedFormat() {
        return format;
    }

    /** What a speaker has got so far, interleaved. */
    public synchronized float[] played() {
        float[] samples = new float[played.size() / 2];
        PcmEncoding.SIGNED_16.decode(ByteBuffer.wrap(played.toByteArray()), samples, 0, samples.length);
        return samples;
    }

    Mixer.Info info() {
        return info;
    }

    Mixer mixer() {
        return proxy(Mixer.class, (proxy, method, args) -> switch (method.getName()) {
            case "getMixerInfo" -> info;
            case "isLineSupported" -> supports((Line.Info) args[0]);
            case "getMaxLines" -> AudioSystem.NOT_SPECIFIED;
            case "getLine" -> line();
            case "toString" -> info.toString();
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private boolean supports(Line.Info wanted) {
        return wanted.matches(new DataLine.Info(
                type, formats.toArray(AudioFormat[]::new), AudioSystem.NOT_SPECIFIED, AudioSystem.NOT_SPECIFIED));
    }

    private Line line() {
        return proxy(type, (proxy, method, args) -> {
            synchronized (this) {
                return switch (method.getName()) {
                    case "open" -> openLine((AudioFormat) args[0], (int) args[1]);
                    case "start" -> start();
                    case "close" -> close();
                    case "isOpen" -> isOpenNow();
                    case "getFormat" -> format;
                    case "getBufferSize" -> bufferBytes;
                    case "available" -> available();
                    case "read" -> read((byte[]) args[0], (int) args[1], (int) args[2]);
                    case "write" -> write((byte[]) args[0], (int) args[1], (int) args[2]);
                    default -> throw new UnsupportedOperationException(method.toString());
                };
            }
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Object result = handler.invoke(proxy, method, args);
            return method.getReturnType() == void.class ? null : result;
        }));
    }

    private Void openLine(AudioFormat wanted, int bytes) throws LineUnavailableException {
        if (busy) {
            throw new LineUnavailableException("another program uses it");
        }
        format = wanted;
        bufferBytes = bytes;
        open = true;
        return null;
    }

    private Void start() {
        started = true;
        lastLook = System.nanoTime();
        return null;
    }

    private Void close() {
        open = false;
        if (failsToClose) {
            throw new IllegalStateException("the driver is gone");
        }
        return null;
    }

    private boolean isOpenNow() {
        return open && end() != End.CLOSES;
    }

    private End end() {
        boolean over = type == TargetDataLine.class && movedFrames >= seconds * format.getFrameRate();
        return end == null && over ? atTheEnd : end;
    }

    private int available() {
        long now = System.nanoTime();
        passedFrames += started ? (now - lastLook) * 1e-9 * speed * format.getFrameRate() : 0;
        lastLook = now;
        int bufferFrames = bufferBytes / format.getFrameSize();
        if (!open || end() == End.STALLS || end() == End.CLOSES) {
            return 0;
        }
        if (end() == End.FAILS) {
            return bufferBytes;
        }
        if (type == TargetDataLine.class) {
            double recorded = Math.min(passedFrames, seconds * format.getFrameRate());
            return (int) Math.min(bufferFrames, recorded - movedFrames) * format.getFrameSize();
        }
        passedFrames = Math.min(passedFrames, movedFrames); // cannot play what it has not got
        return (int) (bufferFrames - Math.ceil(movedFrames - passedFrames)) * format.getFrameSize();
    }

    private int read(byte[] bytes, int offset, int length) {
        if (end() != null || !open) {
            return -1;
        }
        int frames = Math.min(length, available()) / format.getFrameSize();
        ByteBuffer out = ByteBuffer.wrap(bytes, offset, length);
        for (int i = 0; i < frames * format.getChannels(); i++) {
            double time = (movedFrames + i / format.getChannels()) / (double) format.getFrameRate();
            PcmEncoding.SIGNED_16.encode(new float[] {(float) sound.applyAsDouble(time)}, 0, 1, out);
        }
        movedFrames += frames;
        return frames * format.getFrameSize();
    }

    private int write(byte[] bytes, int offset, int length) {
        if (end() != null || !open) {
            return -1;
        }
        int count = Math.min(length, available());
        played.write(bytes, offset, count);
        movedFrames += count / format.getFrameSize();
        return count;
    }
}
