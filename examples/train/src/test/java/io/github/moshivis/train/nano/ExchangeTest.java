package io.github.moshivis.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scenes, their pictures, and questions about them with right answers. */
class ExchangeTest {
    private static final Scene SCENE = new Scene(List.of(
            new Scene.Item(Scene.Hue.RED, Figure.HEART),
            new Scene.Item(Scene.Hue.ORANGE, Figure.STAR),
            new Scene.Item(Scene.Hue.BLUE, Figure.CROSS)));

    private static List<Exchange> exchanges(Scene scene, Manner manner) {
        Random random = new Random(3);
        return random.ints(200)
                .mapToObj(each -> Exchange.about(Optional.of(scene), manner, random))
                .toList();
    }

    @Test
    void descriptionsNameAllShapesInOrder() {
        assertThat(exchanges(SCENE, Manner.USUAL))
                .filteredOn(exchange -> exchange.kind() == Question.SEE)
                .isNotEmpty()
                .extracting(Exchange::answer)
                .containsOnly("I see a red heart, an orange star and a blue cross.");
        assertThat(exchanges(SCENE, Manner.BRIEF))
                .filteredOn(exchange -> exchange.kind() == Question.SEE)
                .isNotEmpty()
                .extracting(Exchange::answer)
                .containsOnly("A red heart, an orange star and a blue cross.");
        assertThat(exchanges(SCENE, Manner.IMPERSONAL))
                .filteredOn(exchange -> exchange.kind() == Question.SEE)
                .isNotEmpty()
                .extracting(Exchange::answer)
                .containsOnly("There is a red heart, an orange star and a blue cross.");
    }

    @Test
    void whatIsThereIsConfirmedAndWhatIsNotIsDenied() {
        List<Exchange> asked = exchanges(SCENE, Manner.USUAL).stream()
                .filter(exchange -> exchange.kind() == Question.EXIST)
                .toList();
        assertThat(asked).anyMatch(exchange -> exchange.answer().startsWith("Yes"));
        assertThat(asked).anyMatch(exchange -> exchange.answer().startsWith("No"));
        assertThat(asked).allSatisfy(exchange -> {
            boolean there =
                    SCENE.items().stream().anyMatch(item -> exchange.question().contains(item.name()));
            assertThat(exchange.answer()).startsWith(there ? "Yes, there is " : "No, there is no ");
        });
    }

    @Test
    void shapesAreCounted() {
        assertThat(exchanges(SCENE, Manner.USUAL))
                .filteredOn(exchange -> exchange.kind() == Question.COUNT)
                .isNotEmpty()
                .extracting(Exchange::answer)
                .containsOnly("There are three shapes.");
    }

    @Test
    void whatIsThereTwiceIsNotAskedFor() {
        Scene twice = new Scene(
                List.of(new Scene.Item(Scene.Hue.RED, Figure.HEART), new Scene.Item(Scene.Hue.BLUE, Figure.HEART)));
        assertThat(exchanges(twice, Manner.USUAL))
                .extracting(Exchange::question)
                .anyMatch(question -> question.contains("colour"))
                .noneMatch(question -> question.contains("colour") && question.contains("heart"));
    }

    @Test
    void withoutAPictureTheModelSaysSo() {
        Random random = new Random(4);
        List<Exchange> blind = random.ints(200)
                .mapToObj(each -> Exchange.about(Optional.empty(), Manner.USUAL, random))
                .toList();
        assertThat(blind).allSatisfy(exchange -> assertThat(exchange.answer().equals("I do not see a picture."))
                .isEqualTo(exchange.kind().isAboutPicture()));
        assertThat(blind)
                .filteredOn(exchange -> exchange.kind() == Question.HELLO)
                .isNotEmpty()
                .extracting(Exchange::answer)
                .containsOnly("Hello! Please show me a picture.");
    }

    @Test
    void questionsAboutAShapeAreAnsweredByItsName() {
        TalkDomain domain = TalkDomain.of(Optional.of("picture"), Manner.USUAL);
        Random random = new Random(8);
        for (int i = 0; i < 100; i++) {
            Exchange exchange = domain.exchangeOfFigure(Optional.of(domain.scene(random)), random);
            assertThat(exchange.kind().isAboutPicture()).isTrue();
            assertThat(exchange.answer()).contains("picture");
        }
    }

    @Test
    void sidesAndColorsAreThoseOfTheScene() {
        assertThat(exchanges(SCENE, Manner.USUAL))
                .extracting(Exchange::answer)
                .contains(
                        "A red heart is on the left.",
                        "A blue cross is on the right.",
                        "An orange star is in the middle.",
                        "The heart is red.",
                        "The star is orange.");
    }

    @Test
    void aSceneHasTheShapeThatIsAskedFor() {
        Random random = new Random(6);
        for (int i = 0; i < 30; i++) {
            assertThat(Scene.random(Optional.of(Figure.RING), random).items())
                    .extracting(Scene.Item::shape)
                    .contains(Figure.RING);
            assertThat(Scene.random(random).items())
                    .extracting(Scene.Item::shape)
                    .doesNotContain(Figure.RING);
        }
    }

    @Test
    void aPictureShowsEachItemInItsColumn() {
        for (int seed = 0; seed < 20; seed++) {
            Scene.Drawing drawing = SCENE.draw(448, new Random(seed));
            int column = drawing.image().getWidth() / 3;
            int background = drawing.image().getRGB(0, 0);
            for (int i = 0; i < 3; i++) {
                Rectangle2D place = drawing.items().get(i).outline().getBounds2D();
                assertThat(place.getMinX()).isGreaterThanOrEqualTo(column * i - 12);
                assertThat(place.getMaxX()).isLessThanOrEqualTo(column * (i + 1) + 12);
                assertThat(drawing.image().getRGB((int) place.getCenterX(), (int) place.getCenterY()))
                        .as("the middle of shape %d in picture %d", i, seed)
                        .isNotEqualTo(background);
            }
        }
    }
}
