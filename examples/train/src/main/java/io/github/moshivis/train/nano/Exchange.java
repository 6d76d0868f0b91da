package io.github.moshivis.train.nano;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A question in a scene, and its answer.
 *
 * @param kind of question
 * @param question what the user says
 * @param answer what the model says
 */
record Exchange(Question kind, String question, String answer) {
    /** Frames from the one in which a question ends to the one in which its answer begins, as the bundled model answers. */
    static final int PAUSE = 6;

    private static final List<String> NUMBERS = List.of("one", "two", "three");

    /** Shares of the kinds of a hundred questions, in the order of {@link Question}. */
    private static final int[] SHARES = {36, 8, 8, 8, 10, 6, 6, 6, 2, 2, 2, 2, 2, 1, 1};

    private static final String NO_PICTURE = "I do not see a picture.";

    private static final String BLIND_HELLO = "Hello! Please show me a picture.";

    private static final Set<String> SEEN = Stream.concat(
                    Stream.concat(
                            Stream.of(Scene.Hue.values()).map(Scene.Hue::word),
                            Stream.of(Figure.values()).map(Figure::word)),
                    Stream.concat(NUMBERS.stream(), Stream.of("yes", "no", "only", "nothing", "shape", "shapes", "an")))
            .collect(Collectors.toSet());

    /** A question at random, about a scene or, where there is none, about anything. */
    static Exchange about(Optional<Scene> scene, Manner manner, Random random) {
        while (true) {
            Question kind = Question.values()[drawn(random)];
            String wording = kind.wordings().get(random.nextInt(kind.wordings().size()));
            Optional<Exchange> exchange = of(kind, wording, scene, manner, random);
            if (exchange.isPresent()) {
                return exchange.get();
            }
        }
    }

    /** The share of a kind of a hundred questions. */
    static int share(Question kind) {
        return SHARES[kind.ordinal()];
    }

    private static int drawn(Random random) {
        int at = random.nextInt(100);
        int kind = 0;
        while (at >= SHARES[kind]) {
            at -= SHARES[kind++];
        }
        return kind;
    }

    /** Empty if the question has no one answer in the scene. */
    private static Optional<Exchange> of(
            Question kind, String wording, Optional<Scene> scene, Manner manner, Random random) {
        Scene.Item any = Scene.Item.random(random);
        Scene.Item subject =
                scene.isPresent() && random.nextInt(3) > 0 ? chosen(scene.get().items(), random) : any;
        String question = String.format(wording, subject(kind, subject));
        if (scene.isEmpty() && kind.isAboutPicture()) {
            return Optional.of(new Exchange(kind, question, NO_PICTURE));
        }
        List<Scene.Item> items = scene.map(Scene::items).orElse(List.of());
        if (scene.isEmpty() && kind == Question.HELLO) {
            return Optional.of(new Exchange(kind, question, BLIND_HELLO));
        }
        return answer(kind, items, subject, manner).map(answer -> new Exchange(kind, question, answer));
    }

    private static Scene.Item chosen(List<Scene.Item> items, Random random) {
        return items.get(random.nextInt(items.size()));
    }

    private static String subject(Question kind, Scene.Item item) {
        return switch (kind) {
            case COLOUR -> item.shape().word();
            case WHICH -> item.hue().word();
            default -> item.phrase();
        };
    }

    private static Optional<String> answer(Question kind, List<Scene.Item> items, Scene.Item subject, Manner manner) {
        return switch (kind) {
            case SEE -> Optional.of(seen(items, manner));
            case COLOUR -> colour(items, subject.shape());
            case WHICH -> which(items, subject.hue());
            case COUNT -> Optional.of(count(items.size()));
            case EXIST ->
                Optional.of(
                        items.contains(subject)
                                ? "Yes, there is " + subject.phrase() + "."
                                : "No, there is no " + subject.name() + ".");
            case LEFT -> Optional.of(side(items, 0, "on the left."));
            case RIGHT -> Optional.of(side(items, items.size() - 1, "on the right."));
            case MIDDLE ->
                Optional.of(items.size() == 2 ? "Nothing is in the middle." : side(items, 1, "in the middle."));
            case HELLO -> Optional.of("Hello! Ask me about the picture.");
            case WHO -> Optional.of("I am nano Moshi.");
            case HOW -> Optional.of("I am fine, thank you.");
            case HEAR -> Optional.of("Yes, I hear you.");
            case CAN -> Optional.of("I can tell you what I see.");
            case THANKS -> Optional.of("You are welcome.");
            case BYE -> Optional.of("Goodbye.");
        };
    }

    private static String seen(List<Scene.Item> items, Manner manner) {
        String most = items.subList(0, items.size() - 1).stream()
                .map(Scene.Item::phrase)
                .collect(Collectors.joining(", "));
        String last = items.get(items.size() - 1).phrase();
        String list = most.isEmpty() ? last : most + " and " + last;
        return switch (manner) {
            case USUAL -> "I see " + list + ".";
            case BRIEF -> capitalized(list) + ".";
            case IMPERSONAL -> "There is " + list + ".";
        };
    }

    private static String capitalized(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static Optional<String> colour(List<Scene.Item> items, Figure shape) {
        List<Scene.Item> such =
                items.stream().filter(item -> item.shape() == shape).toList();
        return switch (such.size()) {
            case 0 -> Optional.of("There is no " + shape.word() + ".");
            case 1 ->
                Optional.of("The " + shape.word() + " is " + such.get(0).hue().word() + ".");
            default -> Optional.empty();
        };
    }

    private static Optional<String> which(List<Scene.Item> items, Scene.Hue hue) {
        List<Scene.Item> such = items.stream().filter(item -> item.hue() == hue).toList();
        return switch (such.size()) {
            case 0 -> Optional.of("Nothing is " + hue.word() + ".");
            case 1 -> Optional.of("The " + such.get(0).shape().word() + " is " + hue.word() + ".");
            default -> Optional.empty();
        };
    }

    private static String count(int items) {
        return items == 1 ? "There is one shape." : "There are " + NUMBERS.get(items - 1) + " shapes.";
    }

    private static String side(List<Scene.Item> items, int place, String where) {
        return items.size() == 1
                ? "There is only " + items.get(0).phrase() + "."
                : capitalized(items.get(place).phrase()) + " is " + where;
    }

    /** Tells whether a word of an answer follows from the picture. */
    static boolean isSeen(String word) {
        return SEEN.contains(word.toLowerCase(Locale.ROOT).replaceAll("\\W", ""));
    }
}
