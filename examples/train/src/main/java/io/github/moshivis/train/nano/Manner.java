package io.github.moshivis.train.nano;

/** Manners of describing a picture. */
public enum Manner {
    /** As the bundled model does: "I see a red heart." */
    USUAL,
    /** Without a beginning: "A red heart." */
    BRIEF,
    /** Without the speaker: "There is a red heart." */
    IMPERSONAL
}
