package io.github.moshivis.spring;

import io.github.moshivis.load.LoadOptions;

/** A bean that changes how the model is loaded, after the properties. */
@FunctionalInterface
public interface LoadOptionsCustomizer {
    /**
     * Changes options.
     *
     * @param options what properties and earlier beans say
     * @return the changed copy
     */
    LoadOptions customize(LoadOptions options);
}
