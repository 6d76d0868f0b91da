package io.github.moshivis.audio;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleUnaryOperator;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.SourceDataLine;
import javax.sound.sampled.TargetDataLine;

/**
 * A machine's sound devices, without the machine: they are real to {@code javax.sound}, which finds them through its own service
 * interface. Installed until it is closed, one at a time.
 */
public final class FakeSound implements AutoCloseable {
    private static final List<FakeDevice> DEVICES = new CopyOnWriteArrayList<>();

    private final List<String> properties = new ArrayList<>();
    private final double speed;

    /**
     * A machine whose sound passes faster than time.
     *
     * @param speed how many times; 1 is real time
     */
    public FakeSound(double speed) {
        this.speed = speed;
        // The system's own devices, where there are some, are not the standard ones.
        standard(TargetDataLine.class);
        standard(SourceDataLine.class);
    }

    private void standard(Class<?> type) {
        System.setProperty(type.getName(), FakeMixerProvider.class.getName());
        properties.add(type.getName());
    }

    /** Whether the machine has no sound devices besides: where there are some, it cannot be tested how it is without. */
    public static boolean isAlone() {
        return AudioSystem.getMixerInfo().length == DEVICES.size();
    }

    static List<FakeDevice> devices() {
        return DEVICES;
    }

    /**
     * Plugs in a microphone.
     *
     * @param name what it is called
     * @param sound the amplitude at each time in seconds
     * @param seconds how long it records until it is unplugged
     * @return records 48 kHz mono
     */
    public FakeDevice microphone(String name, DoubleUnaryOperator sound, double seconds) {
        return plugIn(new FakeDevice(name, TargetDataLine.class, speed, sound, seconds));
    }

    /**
     * Plugs in a speaker.
     *
     * @param name what it is called
     * @return plays 48 kHz stereo
     */
    public FakeDevice speaker(String name) {
        return plugIn(new FakeDevice(name, SourceDataLine.class, speed, time -> 0, Double.POSITIVE_INFINITY));
    }

    private static FakeDevice plugIn(FakeDevice device) {
        DEVICES.add(device);
        return device;
    }

    @Override
    public void close() {
        DEVICES.clear();
        properties.forEach(System::clearProperty);
    }
}
