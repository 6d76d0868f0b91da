package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.SourceDataLine;
import javax.sound.sampled.TargetDataLine;

/**
 * Finds and opens the system's audio devices of one direction. Tries 16-bit samples at 48 kHz first, the native rate of most devices, since
 * this module's resampler is better than a driver's.
 */
final class SoundLines<L extends DataLine> {
    static final SoundLines<TargetDataLine> MICROPHONES = new SoundLines<>(
            "microphone", TargetDataLine.class, List.of(1, 2), Duration.ofMillis(400), TargetDataLine::open);

    /** A smaller device buffer means less delay, but less tolerance of late threads. */
    static final SoundLines<SourceDataLine> SPEAKERS = new SoundLines<>(
            "speaker", SourceDataLine.class, List.of(2, 1), Duration.ofMillis(80), SourceDataLine::open);

    private static final List<Integer> RATES =
            List.of(48_000, 44_100, 24_000, 96_000, 192_000, 32_000, 22_050, 16_000, 11_025, 8_000);
    private static final int BITS = 16;
    private static final int MILLIS_PER_SECOND = 1000;

    private final String what;
    private final Class<L> type;
    private final List<Integer> channels;
    private final Duration buffer;
    private final Opening<L> opening;

    /** Opens a line of this type. */
    private interface Opening<L> {
        void open(L line, AudioFormat format, int bufferBytes) throws LineUnavailableException;
    }

    private SoundLines(String what, Class<L> type, List<Integer> channels, Duration buffer, Opening<L> opening) {
        this.what = what;
        this.type = type;
        this.channels = channels;
        this.buffer = buffer;
        this.opening = opening;
    }

    /** Returns the names of all current devices; equal names are numbered. */
    List<String> names() {
        return List.copyOf(devices().keySet());
    }

    private Map<String, Mixer> devices() {
        Map<String, Mixer> devices = new LinkedHashMap<>();
        for (Mixer.Info info : AudioSystem.getMixerInfo()) {
            Mixer mixer = AudioSystem.getMixer(info);
            if (mixer.isLineSupported(new Line.Info(type))) {
                String name = info.getName();
                for (int number = 2; devices.containsKey(name); number++) {
                    name = info.getName() + " (" + number + ")";
                }
                devices.put(name, mixer);
            }
        }
        return devices;
    }

    /**
     * Opens and starts the system's default device.
     *
     * @throws MediaException if there is no usable device
     */
    L openStandard() {
        Map<String, Mixer> devices = devices();
        checkAny(devices);
        return open("the system's standard " + what, devices, AudioSystem::isLineSupported, AudioSystem::getLine);
    }

    /**
     * Opens and starts a device by name.
     *
     * @param name a name, or a unique part of it, in any case
     * @throws MediaException if none or several match, or the device cannot be used
     */
    L open(String name) {
        Map<String, Mixer> devices = devices();
        checkAny(devices);
        List<String> matching = devices.containsKey(name) ? List.of(name) : containing(name, devices);
        if (matching.size() != 1) {
            throw new MediaException("Cannot tell which " + what + " is meant by \"" + name + "\": found "
                    + (matching.isEmpty() ? "none of that name" : matching.size() + ", " + matching)
                    + ", expected a name, or a part that one name has. Choose one of " + devices.keySet());
        }
        Mixer mixer = devices.get(matching.get(0));
        return open("the " + what + " \"" + matching.get(0) + "\"", devices, mixer::isLineSupported, mixer::getLine);
    }

    private static List<String> containing(String part, Map<String, Mixer> devices) {
        String wanted = part.toLowerCase(Locale.ROOT);
        return devices.keySet().stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
    }

    private void checkAny(Map<String, Mixer> devices) {
        if (devices.isEmpty()) {
            List<String> others = new ArrayList<>();
            for (Mixer.Info info : AudioSystem.getMixerInfo()) {
                others.add(info.getName());
            }
            throw new MediaException(
                    "There is no " + what + ": of " + others.size() + " sound devices " + others
                            + " found none, expected one at least. Plug one in, or let this process use it: a container needs"
                            + " /dev/snd, a user of Linux the group audio, Java a JRE that is not headless, macOS a permission");
        }
    }

    /** Returns whether the device has a line of a format. */
    private interface Support {
        boolean has(Line.Info info);
    }

    /** Returns a line that is not open. */
    private interface Lines {
        Line get(Line.Info info) throws LineUnavailableException;
    }

    private L open(String name, Map<String, Mixer> devices, Support support, Lines lines) {
        List<Exception> failures = new ArrayList<>();
        for (int rate : RATES) {
            for (int count : channels) {
                AudioFormat format = new AudioFormat(rate, BITS, count, true, false);
                DataLine.Info info = new DataLine.Info(type, format);
                if (support.has(info)) {
                    try {
                        L line = type.cast(lines.get(info));
                        opening.open(line, format, bytes(format));
                        line.start();
                        return line;
                    } catch (LineUnavailableException | IllegalArgumentException | SecurityException e) {
                        failures.add(e);
                    }
                }
            }
        }
        throw unusable(name, devices, failures);
    }

    private int bytes(AudioFormat format) {
        int frames = (int) (format.getSampleRate() * buffer.toMillis() / MILLIS_PER_SECOND);
        return frames * format.getFrameSize();
    }

    private MediaException unusable(String name, Map<String, Mixer> devices, List<Exception> failures) {
        String found = failures.isEmpty()
                ? "no 16-bit format of mono or stereo"
                : failures.get(0).getMessage();
        MediaException exception = new MediaException("Cannot open " + name + ": found " + found
                + ", expected a free device with 16 bits in mono or stereo at 8000 to 192000 Hz. Close other programs that use it,"
                + " or choose another of " + devices.keySet());
        failures.forEach(exception::addSuppressed);
        return exception;
    }
}
