package io.github.moshivis.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scenes, their pictures, and questions about them with right answers. */
class ExchangeTest {
    private static final Scene SCENE = new Scene(List.of(
            new Scene.Item(Scene.Hue.RED, Shape.HEART),
            new Scene.Item(Scene.Hue.ORANGE, Shape.STAR),
            new Scene.Item(Scene.Hue.BLUE, Shape.CROSS)));

    private static List<Exchange> exchanges(Scene scene, Exchange.Manner manner) {
        Random random = new Random(3);
        return random.ints(200)
                .mapToObj(each -> Exchange.about(scene, manner, random))
                .toList();
    }

    @Test
    void descriptionsNameAllShapesInOrder() {
        assertThat(exchanges(SCENE, Exchange.Manner.USUAL))
                .filteredOn(exchange -> exchange.question().contains("see"))
                .isNotEmpty()
                .extracting(Exchange::answer)
                .containsOnly("I see a red heart, an orange star and a blue cross.");
        assertThat(exchanges(SCENE, Exchange.Manner.SHORT))
                .filteredOn(exchange -> exchange.question().contains("escribe"))
                .isNotEmpty()
                .extracting(Exchange::answer)
                .containsOnly("A red heart, an orange star and a blue cross.");
    }

    @Test
    void whatIsThereIsConfirmedAndWhatIsNotIsDenied() {
        List<Exchange> asked = exchanges(SCENE, Exchange.Manner.USUAL).stream()
                .filter(exchange -> exchange.question().startsWith("Is there"))
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
        assertThat(exchanges(SCENE, Exchange.Manner.USUAL))
                .filteredOn(exchange -> exchange.question().contains("ount"))
                .isNotEmpty()
                .extracting(Exchange::answer)
                .containsOnly("There are three shapes.");
    }

    @Test
    void aPictureShowsEachColorInItsColumn() {
        for (int seed = 0; seed < 20; seed++) {
            BufferedImage image = SCENE.draw(new Random(seed));
            int column = image.getWidth() / 3;
            List<Integer> colors = List.of(0xE02020, 0xF88818, 0x2050E0);
            for (int i = 0; i < 3; i++) {
                int color = colors.get(i);
                assertThat(count(image.getSubimage(column * i, 0, column, image.getHeight()), color))
                        .as("pixels of shape %d in picture %d", i, seed)
                        .isGreaterThan(500)
                        .isEqualTo(count(image, color));
            }
        }
    }

    private static long count(BufferedImage image, int color) {
        return Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .filter(pixel -> (pixel & 0xFFFFFF) == color)
                .count();
    }
}
