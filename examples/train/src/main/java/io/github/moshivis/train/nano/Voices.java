package io.github.moshivis.train.nano;

import java.util.List;
import java.util.Random;

/** Voices of espeak: the model's own, those of users in training, and others that are heard in evaluations alone. */
final class Voices {
    /** The voice of the bundled model. */
    static final Espeak.Voice MODEL = new Espeak.Voice("en-us+adam", 150, 50);

    private static final List<String> ACCENTS = List.of("en-us", "en", "en-gb-scotland", "en-gb-x-rp");

    private static final List<String> VARIANTS = List.of(("m1 m2 m3 m4 m5 m6 m7 f1 f2 f3 f4 klatt klatt2 klatt3 klatt4"
                    + " Alex Alicia Andrea Andy Annie antonio aunty benjamin boris caleb david Denis Diogo ed edward"
                    + " grandma grandpa Henrique Hugo iven Jacky john Lee linda marcelo Marco Mario max Michael michel"
                    + " miguel norbert pablo paul pedro quincy rob robert sandro shelby steph travis zac")
            .split(" "));

    private static final List<String> HELD_OUT =
            List.of("en-us+f5", "en-gb-x-gbcwmd+m4", "en+victor", "en-gb-x-rp+belinda", "en-us+m8");

    private Voices() {}

    /** A user of the training at random. */
    static Espeak.Voice user(Random random) {
        return paced(any(ACCENTS, random) + "+" + any(VARIANTS, random), random);
    }

    /** A user that no training hears. */
    static Espeak.Voice heldOut(Random random) {
        return paced(any(HELD_OUT, random), random);
    }

    private static Espeak.Voice paced(String name, Random random) {
        return new Espeak.Voice(name, 130 + random.nextInt(60), 25 + random.nextInt(50));
    }

    private static String any(List<String> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
