package io.github.moshivis.spring;

import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Precision;
import io.github.moshivis.load.Quantization;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties below {@code moshivis}. Other options are set by a bean of type {@link LoadOptionsCustomizer}.
 *
 * @param model a directory or file, a name on the hub such as {@code kyutai/moshika-vis-pytorch-bf16}, or {@code nano}
 * @param revision revision on the hub
 * @param token access token for the hub
 * @param device device that computes: {@code cpu}, {@code cuda}, {@code cuda:1}, {@code mps}
 * @param precision precision of the weights; default bfloat16, float32 for small models
 * @param quantization form of the weights: {@code none}, {@code q8}, {@code q4}, {@code q4:GROUP} or {@code as-stored}
 * @param maxConversations number of conversations at the same time
 * @param threads threads of products on the CPU; default all processors
 * @param compactKeys whether keys and values of past steps are held in 8 bits
 */
@ConfigurationProperties("moshivis")
public record MoshiVisProperties(
        String model,
        String revision,
        String token,
        @DefaultValue("cpu") String device,
        Precision precision,
        @DefaultValue("none") String quantization,
        @DefaultValue("1") int maxConversations,
        Integer threads,
        @DefaultValue("false") boolean compactKeys) {

    /**
     * Returns the name of the model.
     *
     * @return the name
     * @throws IllegalStateException if the property is not set
     */
    String requiredModel() {
        if (model == null || model.isBlank()) {
            throw new IllegalStateException(
                    "Cannot load a model: found no property moshivis.model, expected a directory, a name on"
                            + " the hub such as kyutai/moshika-vis-pytorch-bf16, or nano. Set it in application.properties");
        }
        return model;
    }

    /**
     * Returns the options of the properties.
     *
     * @return the options
     * @throws IllegalArgumentException naming the option, if a value is out of range
     */
    LoadOptions loadOptions() {
        LoadOptions options = LoadOptions.defaults()
                .device(device)
                .quantization(Quantization.parse(quantization))
                .maxConversations(maxConversations)
                .compactKeys(compactKeys);
        options = precision == null ? options : options.precision(precision);
        options = threads == null ? options : options.threads(threads);
        options = revision == null ? options : options.revision(revision);
        return token == null ? options : options.token(token);
    }
}
