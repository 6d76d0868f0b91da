package io.github.moshivis.cli;

import io.github.moshivis.audio.LevelMeter;

/** A level as a bar of characters. */
final class LevelBar {
    private static final int CELLS = 8;
    /** The quietest that shows: speech is some 30 dB above it. */
    private static final double FLOOR_DECIBELS = -60;

    private LevelBar() {}

    /** Full at the highest level there can be; an exclamation mark where sound is cut off. */
    static String of(LevelMeter.Level level) {
        double share = 1 - Math.max(FLOOR_DECIBELS, Math.min(0, level.rms())) / FLOOR_DECIBELS;
        int filled = (int) Math.round(CELLS * share);
        return "[" + "#".repeat(filled) + " ".repeat(CELLS - filled) + (level.peak() >= 0 ? "!" : "]");
    }
}
