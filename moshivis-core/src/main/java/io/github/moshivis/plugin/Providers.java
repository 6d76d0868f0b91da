package io.github.moshivis.plugin;

import io.github.moshivis.errors.Finding;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the implementations of this package's contracts in other modules. */
public final class Providers {
    private Providers() {}

    /**
     * The image encoder of moshivis-vision.
     *
     * @return its provider
     * @throws IllegalStateException naming the dependency to add, if it is not there
     */
    public static ImageEncoder.Provider imageEncoder() {
        return find(ImageEncoder.Provider.class, "moshivis-vision");
    }

    /**
     * The speech codec of moshivis-audio.
     *
     * @return its provider
     * @throws IllegalStateException naming the dependency to add, if it is not there
     */
    public static SpeechCodec.Provider speechCodec() {
        return find(SpeechCodec.Provider.class, "moshivis-audio");
    }

    /**
     * The sound files of moshivis-audio.
     *
     * @return what writes them
     * @throws IllegalStateException naming the dependency to add, if it is not there
     */
    public static SoundFiles soundFiles() {
        return find(SoundFiles.class, "moshivis-audio");
    }

    /**
     * Returns the reports of all modules on the class path. Never throws: if a module cannot be asked, a finding says why.
     *
     * @return a finding for each
     */
    public static List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        try {
            for (Diagnosis each : ServiceLoader.load(Diagnosis.class, Diagnosis.class.getClassLoader())) {
                findings.add(each.finding());
            }
        } catch (ServiceConfigurationError | RuntimeException e) {
            findings.add(Finding.failure("modules", "cannot be asked: " + e.getMessage()));
        }
        return findings;
    }

    private static <T> T find(Class<T> type, String artifact) {
        Iterator<T> found = ServiceLoader.load(type, type.getClassLoader()).iterator();
        if (!found.hasNext()) {
            throw new IllegalStateException("Cannot find the model's parts: found no implementation of "
                    + type.getName() + ", expected one on the class path of moshivis-core."
                    + " Add the dependency io.github.moshivis:" + artifact + " in the same version.");
        }
        return found.next();
    }
}
