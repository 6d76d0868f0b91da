package io.github.moshivis.cli;

/** Colors of the reference's page, which show the contribution of the picture to a word. */
final class GateColors {
    /** From green, general knowledge, to orange, the picture. Source: {@code TextDisplay.tsx} of the reference. */
    private static final int[] COLORS = {
        0x38c886, 0x5bd09a, 0x80d9af, 0xa4e2c4, 0xc8ead9, 0xf2f1f1, 0xf4e0cb, 0xf5cea6, 0xf5bd81, 0xf6ac5b, 0xf79b37
    };

    private static final String COLOR = "\u001b[38;2;%d;%d;%dm";
    private static final String NO_COLOR = "\u001b[0m";

    private GateColors() {}

    /** Prints a text in the color of a level from 0, general knowledge, to 10, the picture; for terminals. */
    static void print(TerminalWriter out, String text, int level) {
        int color = COLORS[level];
        out.control(String.format(COLOR, color >> 16, color >> 8 & 0xff, color & 0xff));
        out.print(text);
        out.control(NO_COLOR);
    }
}
