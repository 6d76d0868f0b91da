package io.github.moshivis.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a client asks of a server for its conversation: the query parameters. Immutable; every setting returns a copy. What is not set
 * is not sent, and the server's own default holds. Values out of a server's range are the server's to clamp or refuse; which server
 * obeys which parameter is told in the documentation of each.
 *
 * @param parameters values by the protocol's names, in the order of the query; not encoded
 */
public record ChatSettings(Map<String, String> parameters) {
    private static final ChatSettings NONE = new ChatSettings(Map.of());

    /**
     * Copies the parameters.
     *
     * @param parameters values by the protocol's names
     */
    public ChatSettings {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * Nothing set: all as the server has it.
     *
     * @return the same each time
     */
    public static ChatSettings defaults() {
        return NONE;
    }

    /**
     * Sets any parameter, as for servers that know more than is named here.
     *
     * @param name the protocol's name
     * @param value as it shall arrive
     * @return a copy
     */
    public ChatSettings with(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(parameters);
        changed.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return new ChatSettings(changed);
    }

    private ChatSettings with(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    name + " is a number: found " + value + ", expected a finite one. Correct it, or leave it unset");
        }
        return with(name, Double.toString(value));
    }

    /**
     * How freely words are chosen.
     *
     * @param value 0 takes the most likely
     * @return a copy
     */
    public ChatSettings textTemperature(double value) {
        return with("text_temperature", value);
    }

    /**
     * How many of the most likely words take part.
     *
     * @param value 0 is no limit with our server
     * @return a copy
     */
    public ChatSettings textTopK(int value) {
        return with("text_topk", Integer.toString(value));
    }

    /**
     * How much probability the words that take part have.
     *
     * @param value 0 to 1; our server only
     * @return a copy
     */
    public ChatSettings textTopP(double value) {
        return with("text_topp", value);
    }

    /**
     * How freely sounds are chosen.
     *
     * @param value 0 takes the most likely
     * @return a copy
     */
    public ChatSettings audioTemperature(double value) {
        return with("audio_temperature", value);
    }

    /**
     * How many of the most likely sounds take part.
     *
     * @param value 0 is no limit with our server
     * @return a copy
     */
    public ChatSettings audioTopK(int value) {
        return with("audio_topk", Integer.toString(value));
    }

    /**
     * How much probability the sounds that take part have.
     *
     * @param value 0 to 1; our server only
     * @return a copy
     */
    public ChatSettings audioTopP(double value) {
        return with("audio_topp", value);
    }

    /**
     * How likely silence is.
     *
     * @param value e to this power multiplies its probability
     * @return a copy
     */
    public ChatSettings padMultiplier(double value) {
        return with("pad_mult", value);
    }

    /**
     * Avoids words that were said lately.
     *
     * @param penalty 1 is none; the Rust server needs the {@linkplain #repetitionContext context} too
     * @return a copy
     */
    public ChatSettings repetitionPenalty(double penalty) {
        return with("repetition_penalty", penalty);
    }

    /**
     * What counts as said lately.
     *
     * @param pieces how many of the last; the Rust server needs the {@linkplain #repetitionPenalty penalty} too
     * @return a copy
     */
    public ChatSettings repetitionContext(int pieces) {
        return with("repetition_penalty_context", Integer.toString(pieces));
    }

    /**
     * Makes the choice of words repeatable, where the server's hardware does.
     *
     * @param seed an unsigned number of 64 bits
     * @return a copy
     */
    public ChatSettings textSeed(long seed) {
        return with("text_seed", Long.toUnsignedString(seed));
    }

    /**
     * Makes the choice of sounds repeatable, where the server's hardware does.
     *
     * @param seed an unsigned number of 64 bits
     * @return a copy
     */
    public ChatSettings audioSeed(long seed) {
        return with("audio_seed", Long.toUnsignedString(seed));
    }

    /**
     * The size that pictures are resized to.
     *
     * @param pixels a side
     * @return a copy
     */
    public ChatSettings imageResolution(int pixels) {
        return with("image_resolution", Integer.toString(pixels));
    }

    /**
     * Cuts pictures to the square in their middle.
     *
     * @param value whether to cut
     * @return a copy
     */
    public ChatSettings centerCrop(boolean value) {
        return with("center_crop", Boolean.toString(value));
    }

    /**
     * Lets the first steps run without the picture. The PyTorch server fails without it.
     *
     * @param steps of 80 ms
     * @return a copy
     */
    public ChatSettings imageStart(long steps) {
        return with("xa_start", Long.toString(steps));
    }

    /**
     * How much a look at the picture cools the words' temperature.
     *
     * @param value 0 to 1
     * @return a copy
     */
    public ChatSettings gateInfluence(double value) {
        return with("text_temperature_gating_influence", value);
    }

    /**
     * The longest the conversation may take.
     *
     * @param steps of 80 ms
     * @return a copy
     */
    public ChatSettings maxSteps(int steps) {
        return with("max_steps", Integer.toString(steps));
    }

    /**
     * Asks for text without levels; our server only. The MLX server has no other.
     *
     * @return a copy
     */
    public ChatSettings plainText() {
        return with("text_format", "plain");
    }

    /**
     * Who talks; the Rust server stores it with its records.
     *
     * @param address an e-mail address
     * @return a copy
     */
    public ChatSettings email(String address) {
        return with("email", address);
    }

    /** The parameters as they stand in a URL, percent-encoded; "" if there are none. */
    String query() {
        return parameters.entrySet().stream()
                .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        // A form's plus sign for a space is not understood in every query.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
