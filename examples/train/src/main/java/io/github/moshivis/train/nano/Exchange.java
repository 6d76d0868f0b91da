package io.github.moshivis.train.nano;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A question about a scene, and its answer.
 *
 * @param question what the user says
 * @param answer what the model says
 */
record Exchange(String question, String answer) {
    private static final List<String> SEE = List.of(
            "What do you see?",
            "What can you see?",
            "What is this?",
            "What is in the picture?",
            "Describe the picture.",
            "Tell me what you see.",
            "What do you see in the picture?",
            "Can you describe the image?");
    private static final List<String> COUNT =
            List.of("How many shapes are there?", "Count the shapes.", "How many are there?");
    private static final List<String> NUMBERS = List.of("one", "two", "three");

    /** Manners of answering that a model can be taught. */
    enum Manner {
        /** As the bundled model answers: "I see a red heart." */
        USUAL,
        /** Without a beginning: "A red heart." */
        SHORT
    }

    /** A question at random about a scene. */
    static Exchange about(Scene scene, Manner manner, Random random) {
        List<Scene.Item> items = scene.items();
        Scene.Item item = items.get(random.nextInt(items.size()));
        return switch (random.nextInt(5)) {
            case 0 -> new Exchange(any(COUNT, random), count(items.size()));
            case 1 -> exists(scene, random);
            default -> new Exchange(any(SEE, random), seen(items, manner));
        };
    }

    private static String any(List<String> wordings, Random random) {
        return wordings.get(random.nextInt(wordings.size()));
    }

    private static String seen(List<Scene.Item> items, Manner manner) {
        String most = items.subList(0, items.size() - 1).stream()
                .map(Scene.Item::phrase)
                .collect(Collectors.joining(", "));
        String last = items.get(items.size() - 1).phrase();
        String list = most.isEmpty() ? last : most + " and " + last;
        return manner == Manner.USUAL
                ? "I see " + list + "."
                : Character.toUpperCase(list.charAt(0)) + list.substring(1) + ".";
    }

    private static String count(int items) {
        return items == 1 ? "There is one shape." : "There are " + NUMBERS.get(items - 1) + " shapes.";
    }

    private static Exchange exists(Scene scene, Random random) {
        Scene.Item asked = random.nextBoolean()
                ? scene.items().get(random.nextInt(scene.items().size()))
                : Scene.random(random).items().get(0);
        String phrase = asked.phrase();
        boolean there = scene.items().contains(asked);
        return new Exchange(
                "Is there " + phrase + "?",
                there ? "Yes, there is " + phrase + "." : "No, there is no " + asked.name() + ".");
    }
}
