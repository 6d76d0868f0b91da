package io.github.moshivis.train.nano;

import com.sun.jna.Callback;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The library of espeak-ng, by the facts of {@code espeak-ng/speak_lib.h}. It keeps one state for the whole process, and what was said
 * before changes what is said next: so it is loaded anew for each use, one at a time.
 */
final class EspeakLibrary implements AutoCloseable {
    private static final String NAME = "espeak-ng";

    /** {@code AUDIO_OUTPUT_SYNCHRONOUS}: sound goes to the callback, within the call. */
    private static final int SYNCHRONOUS = 2;

    /** {@code espeakINITIALIZE_DONT_EXIT}. */
    private static final int RETURN_ERRORS = 0x8000;

    /** {@code espeakCHARS_UTF8}. */
    private static final int UTF8 = 1;

    private static final int RATE = 1;
    private static final int PITCH = 3;
    private static final int PHONEMES_IPA = 2;

    /** Offsets within {@code espeak_EVENT} where pointers have eight bytes, and the types that end a list and begin a word. */
    private static final int EVENT_BYTES = 40;

    private static final int EVENT_POSITION = 8;
    private static final int EVENT_LENGTH = 12;
    private static final int EVENT_SAMPLE = 20;
    private static final int EVENT_END = 0;
    private static final int EVENT_WORD = 1;

    private final NativeLibrary library;
    private final int sampleRate;
    private boolean open = true;

    /**
     * A word that begins.
     *
     * @param position of its first character in the text, from 0
     * @param sample at which it begins
     */
    record Start(int position, int sample) {}

    /**
     * A spoken text.
     *
     * @param samples at the library's rate
     * @param starts in order; some words, which are spoken as one with another, have none
     */
    record Sound(short[] samples, List<Start> starts) {}

    private EspeakLibrary(NativeLibrary library, int sampleRate) {
        this.library = library;
        this.sampleRate = sampleRate;
    }

    /**
     * Loads the library with a voice. The caller holds the lock of this class until it is closed.
     *
     * @throws IllegalStateException if it is not installed, or has no such voice
     */
    static EspeakLibrary open(Espeak.Voice voice) {
        NativeLibrary library;
        try {
            library = NativeLibrary.getInstance(NAME);
        } catch (UnsatisfiedLinkError e) {
            throw new IllegalStateException(
                    "Cannot speak: found no library of espeak-ng, expected libespeak-ng; install the package espeak-ng, or name"
                            + " the library's folder by -Djna.library.path",
                    e);
        }
        int rate = call(library, "espeak_Initialize", SYNCHRONOUS, 0, null, RETURN_ERRORS);
        EspeakLibrary espeak = new EspeakLibrary(library, rate);
        if (rate <= 0 || espeak.call("espeak_SetVoiceByName", voice.name()) != 0) {
            espeak.close();
            throw new IllegalStateException(
                    "Cannot speak with the voice " + voice.name()
                            + ": espeak-ng did not find it, expected a name of \"espeak-ng --voices\" with a variant; install espeak-ng-data");
        }
        espeak.call("espeak_SetParameter", RATE, voice.rate(), 0);
        espeak.call("espeak_SetParameter", PITCH, voice.pitch(), 0);
        return espeak;
    }

    private static int call(NativeLibrary library, String function, Object... arguments) {
        return library.getFunction(function).invokeInt(arguments);
    }

    private int call(String function, Object... arguments) {
        return call(library, function, arguments);
    }

    /** Samples a second. */
    int sampleRate() {
        return sampleRate;
    }

    /** Gets sound and events piece by piece, {@code t_espeak_callback}. */
    private static final class Collector implements Callback {
        private short[] samples = new short[1 << 16];
        private int length;
        private final List<Start> starts = new ArrayList<>();

        /** Called by the library; 0 goes on. */
        @SuppressWarnings("unused")
        public int callback(Pointer sound, int count, Pointer events) {
            if (sound != null && count > 0) {
                while (length + count > samples.length) {
                    samples = Arrays.copyOf(samples, 2 * samples.length);
                }
                sound.read(0, samples, length, count);
                length += count;
            }
            for (int at = 0; events.getInt(at) != EVENT_END; at += EVENT_BYTES) {
                if (events.getInt(at) == EVENT_WORD && events.getInt(at + EVENT_LENGTH) > 0) {
                    starts.add(new Start(events.getInt(at + EVENT_POSITION) - 1, events.getInt(at + EVENT_SAMPLE)));
                }
            }
            return 0;
        }
    }

    /**
     * Speaks.
     *
     * @throws IllegalStateException if the library fails
     */
    Sound speak(String text) {
        Collector collector = new Collector();
        library.getFunction("espeak_SetSynthCallback").invokeVoid(new Object[] {collector});
        byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
        int error = call("espeak_Synth", bytes, (long) bytes.length, 0, 0, 0, UTF8, null, null);
        if (error != 0 || collector.length == 0) {
            throw new IllegalStateException("espeak-ng failed with error " + error + " on \"" + text + "\"");
        }
        return new Sound(Arrays.copyOf(collector.samples, collector.length), List.copyOf(collector.starts));
    }

    /** The phonemes of a text in the international alphabet, with marks of stress and length. */
    String phonemes(String text) {
        byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
        try (Memory memory = new Memory(bytes.length)) {
            memory.write(0, bytes, 0, bytes.length);
            PointerByReference rest = new PointerByReference(memory);
            StringBuilder phonemes = new StringBuilder();
            while (rest.getValue() != null) {
                phonemes.append(library.getFunction("espeak_TextToPhonemes")
                        .invokePointer(new Object[] {rest, UTF8, PHONEMES_IPA})
                        .getString(0, "UTF-8"));
            }
            return phonemes.toString();
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            call("espeak_Terminate");
            library.close();
        }
    }
}
