package io.github.moshivis.train.nano;

import java.util.List;
import java.util.Locale;

/** Kinds of questions, in several wordings each; {@code %s} stands for an object, a shape or a color. */
enum Question {
    SEE(
            true,
            "What do you see?",
            "What can you see?",
            "What is this?",
            "What is in the picture?",
            "Describe the picture.",
            "Tell me what you see.",
            "What do you see in the picture?",
            "Can you describe the image?"),
    COLOUR(true, "What colour is the %s?", "Which colour is the %s?", "What is the colour of the %s?"),
    WHICH(true, "What is %s?", "Which shape is %s?"),
    COUNT(true, "How many shapes are there?", "Count the shapes.", "How many are there?"),
    EXIST(true, "Is there %s?", "Can you see %s?"),
    LEFT(true, "What is on the left?", "What is on the left side?", "What do you see on the left?"),
    RIGHT(true, "What is on the right?", "What is on the right side?", "What do you see on the right?"),
    MIDDLE(true, "What is in the middle?", "What do you see in the middle?"),
    HELLO(false, "Hello.", "Hello there.", "Hi there.", "Good morning."),
    WHO(false, "Who are you?", "What is your name?"),
    HOW(false, "How are you?", "How are you today?"),
    HEAR(false, "Can you hear me?", "Do you hear me?"),
    CAN(false, "What can you do?", "How can you help me?"),
    THANKS(false, "Thank you.", "Thanks a lot.", "Thank you very much."),
    BYE(false, "Goodbye.", "Bye bye.", "See you later.");

    private final boolean aboutPicture;
    private final List<String> wordings;

    Question(boolean aboutPicture, String... wordings) {
        this.aboutPicture = aboutPicture;
        this.wordings = List.of(wordings);
    }

    /** Tells whether the answer depends on the picture. */
    boolean isAboutPicture() {
        return aboutPicture;
    }

    List<String> wordings() {
        return wordings;
    }

    /** The name of the kind in evaluation sets. */
    String kind() {
        return name().toLowerCase(Locale.ROOT);
    }
}
