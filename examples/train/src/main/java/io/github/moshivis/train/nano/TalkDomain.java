package io.github.moshivis.train.nano;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** Which scenes talks are about, and how the model answers. Immutable. */
public final class TalkDomain {
    /** The domain of the bundled model. */
    public static final TalkDomain NANO = new TalkDomain(Optional.empty(), Manner.USUAL);

    private final Optional<Figure> shape;
    private final Manner manner;

    private TalkDomain(Optional<Figure> shape, Manner manner) {
        this.shape = shape;
        this.manner = manner;
    }

    /**
     * Chooses a domain.
     *
     * @param shape the word for a shape that is in every picture; empty for none. "picture" is one that the bundled model does not know
     * @param manner of the answers that describe a picture
     * @return the domain
     * @throws IllegalArgumentException if there is no such shape
     */
    public static TalkDomain of(Optional<String> shape, Manner manner) {
        return new TalkDomain(shape.map(TalkDomain::shape), manner);
    }

    private static Figure shape(String word) {
        return Arrays.stream(Figure.values())
                .filter(shape -> shape.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Cannot draw \"" + word + "\": found no such shape,"
                        + " expected one of "
                        + Arrays.stream(Figure.values()).map(Figure::word).collect(Collectors.joining(", "))));
    }

    Scene scene(Random random) {
        return Scene.random(shape, random);
    }

    Exchange exchange(Optional<Scene> scene, Random random) {
        return Exchange.about(scene, manner, random);
    }

    /** Tells whether the domain is about a shape of its own, which every picture shows. */
    boolean hasFigure() {
        return shape.isPresent();
    }

    /** An exchange whose answer names the shape of the domain, where it has one. */
    Exchange exchangeOfFigure(Optional<Scene> scene, Random random) {
        Exchange exchange = exchange(scene, random);
        while (shape.isPresent() && !names(exchange, shape.get())) {
            exchange = exchange(scene, random);
        }
        return exchange;
    }

    private static boolean names(Exchange exchange, Figure shape) {
        return exchange.kind().isAboutPicture() && exchange.answer().contains(shape.word());
    }
}
