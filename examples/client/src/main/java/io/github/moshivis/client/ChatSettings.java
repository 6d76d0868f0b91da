package io.github.moshivis.client;

import io.github.moshivis.SamplingSetting;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Query parameters of a client's conversation. Immutable; every setting returns a copy. Unset parameters are not sent, so the server's
 * default applies. The server clamps or refuses values outside its range; see the documentation of each server for its parameters.
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
     * Returns settings without parameters.
     *
     * @return the same instance each time
     */
    public static ChatSettings defaults() {
        return NONE;
    }

    /**
     * Sets any parameter, for servers with additional ones.
     *
     * @param name the protocol's name
     * @param value the value, not encoded
     * @return a copy
     */
    public ChatSettings with(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(parameters);
        changed.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return new ChatSettings(changed);
    }

    /**
     * Sets one of the sampling settings.
     *
     * @param setting the setting; {@code *_topp} need a server of this project
     * @param value a finite number; servers have their own ranges
     * @return a copy
     * @throws IllegalArgumentException if the value is not finite
     */
    public ChatSettings with(SamplingSetting setting, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(setting.wireName() + " is a number: found " + value
                    + ", expected a finite one. Correct it, or leave it unset");
        }
        return with(setting.wireName(), setting.format(value));
    }

    /**
     * Sets the temperature of text tokens.
     *
     * @param value 0 takes the most likely with our server; see {@link #greedy}
     * @return a copy
     */
    public ChatSettings textTemperature(double value) {
        return with(SamplingSetting.TEXT_TEMPERATURE, value);
    }

    /**
     * Sets the number of the most likely text tokens that take part.
     *
     * @param value 0 is no limit with our server
     * @return a copy
     */
    public ChatSettings textTopK(int value) {
        return with(SamplingSetting.TEXT_TOP_K, value);
    }

    /**
     * Sets the top-p limit of text tokens.
     *
     * @param value 0 to 1; our server only
     * @return a copy
     */
    public ChatSettings textTopP(double value) {
        return with(SamplingSetting.TEXT_TOP_P, value);
    }

    /**
     * Sets the temperature of audio codes.
     *
     * @param value 0 takes the most likely with our server; see {@link #greedy}
     * @return a copy
     */
    public ChatSettings audioTemperature(double value) {
        return with(SamplingSetting.AUDIO_TEMPERATURE, value);
    }

    /**
     * Sets the number of the most likely audio codes that take part.
     *
     * @param value 0 is no limit with our server
     * @return a copy
     */
    public ChatSettings audioTopK(int value) {
        return with(SamplingSetting.AUDIO_TOP_K, value);
    }

    /**
     * Sets the top-p limit of audio codes.
     *
     * @param value 0 to 1; our server only
     * @return a copy
     */
    public ChatSettings audioTopP(double value) {
        return with(SamplingSetting.AUDIO_TOP_P, value);
    }

    /**
     * Changes the probability of padding in the text stream.
     *
     * @param value exponent; the probability is multiplied by e to this power
     * @return a copy
     */
    public ChatSettings padMultiplier(double value) {
        return with(SamplingSetting.PAD_MULTIPLIER, value);
    }

    /**
     * Sets the repetition penalty of recent text tokens.
     *
     * @param penalty 1 is none; the Rust server needs the {@linkplain #repetitionContext context} too
     * @return a copy
     */
    public ChatSettings repetitionPenalty(double penalty) {
        return with(SamplingSetting.REPETITION_PENALTY, penalty);
    }

    /**
     * Sets the number of recent text tokens that the repetition penalty applies to.
     *
     * @param pieces how many of the last; the Rust server needs the {@linkplain #repetitionPenalty penalty} too
     * @return a copy
     */
    public ChatSettings repetitionContext(int pieces) {
        return with(SamplingSetting.REPETITION_CONTEXT, pieces);
    }

    /**
     * Makes text tokens reproducible, if the server's hardware is deterministic.
     *
     * @param seed an unsigned number of 64 bits
     * @return a copy
     */
    public ChatSettings textSeed(long seed) {
        return with("text_seed", Long.toUnsignedString(seed));
    }

    /**
     * Makes audio codes reproducible, if the server's hardware is deterministic.
     *
     * @param seed an unsigned number of 64 bits
     * @return a copy
     */
    public ChatSettings audioSeed(long seed) {
        return with("audio_seed", Long.toUnsignedString(seed));
    }

    /**
     * Sets the voice of a PersonaPlex model. PersonaPlex's own server requires it, with the ending {@code .pt}, and a {@link #role}; a
     * server of this project takes the name with or without the ending, and has a default.
     *
     * @param name one of those that the server offers, such as {@code NATF2}
     * @return a copy
     */
    public ChatSettings voice(String name) {
        return with("voice_prompt", name);
    }

    /**
     * Sets the role of a PersonaPlex model.
     *
     * @param text plain text; blank for none, which PersonaPlex's own server refuses
     * @return a copy
     */
    public ChatSettings role(String text) {
        return with("text_prompt", text);
    }

    /**
     * Always takes the most likely token and code, whatever the temperatures, by a top-k of 1, which all servers support; a temperature of
     * 0 is ignored by the PyTorch server and ends the conversation on the Rust server.
     *
     * @return a copy
     */
    public ChatSettings greedy() {
        return textTopK(1).audioTopK(1);
    }

    /**
     * Sets the size of resized pictures.
     *
     * @param pixels pixels per side
     * @return a copy
     */
    public ChatSettings imageResolution(int pixels) {
        return with("image_resolution", Integer.toString(pixels));
    }

    /**
     * Crops pictures to the square at their center.
     *
     * @param value whether to crop
     * @return a copy
     */
    public ChatSettings centerCrop(boolean value) {
        return with("center_crop", Boolean.toString(value));
    }

    /**
     * Runs the first steps without the picture. The PyTorch server requires it.
     *
     * @param steps of 80 ms
     * @return a copy
     */
    public ChatSettings imageStart(long steps) {
        return with("xa_start", Long.toString(steps));
    }

    /**
     * Sets the influence of the image gate, which lowers the text temperature.
     *
     * @param value 0 to 1
     * @return a copy
     */
    public ChatSettings gateInfluence(double value) {
        return with(SamplingSetting.GATE_INFLUENCE, value);
    }

    /**
     * Sets the maximum duration of the conversation.
     *
     * @param steps of 80 ms
     * @return a copy
     */
    public ChatSettings maxSteps(int steps) {
        return with("max_steps", Integer.toString(steps));
    }

    /**
     * Requests text without levels, from a server of this project. The MLX server always sends such text.
     *
     * @return a copy
     */
    public ChatSettings plainText() {
        return with("text_format", "plain");
    }

    /**
     * Requests the user's words: {@link ChatListener#onUserWord} and {@link ChatListener#onUserTurn}. Needs a server of this project with a
     * speech-to-text model; other servers ignore it.
     *
     * @return a copy
     */
    public ChatSettings userText() {
        return with("user_text", "1");
    }

    /**
     * Sets the e-mail address of the user; the Rust server stores it with its records.
     *
     * @param address an e-mail address
     * @return a copy
     */
    public ChatSettings email(String address) {
        return with("email", address);
    }

    /** Returns the query string, percent-encoded; "" without parameters. */
    String query() {
        return parameters.entrySet().stream()
                .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        // Not every server decodes a plus sign as a space.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
