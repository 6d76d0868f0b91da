package io.github.moshivis;

/**
 * Text that the model said, with how much it looked at the picture while it did.
 *
 * @param frame the output frame it belongs to, from 0
 * @param token the text token
 * @param piece the token as the vocabulary has it
 * @param text the text to show: whole characters; "" if the token has none
 * @param gateWeight mean gate of the cross-attention over the last ten layers, 0 without a picture
 */
public record TextPiece(long frame, int token, String piece, String text, double gateWeight) {
    private static final double GATE_FLOOR = 0.005;
    private static final double GATE_RANGE = 0.016;
    private static final int LEVELS = 10;

    /**
     * The gate on a scale for display, as the reference's web page colors it: 0 is general knowledge, 10 is the picture. Source:
     * {@code kyuteye/server.py}.
     *
     * @return 0 to 10
     */
    public int level() {
        double share = Math.max(0, Math.min(1, (gateWeight - GATE_FLOOR) / GATE_RANGE));
        return (int) Math.rint(share * LEVELS);
    }
}
