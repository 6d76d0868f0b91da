package io.github.moshivis.spring;

import io.github.moshivis.load.LoadOptions;

/** A bean that changes how the model is loaded, after the properties. */
@FunctionalInterface
public interface LoadOptionsCustomizer {
    /**
     * Changes options.
     *
     * @param options options of properties and earlier beans
     * @return the changed copy
     */
    LoadOptions customize(LoadOptions options);
}
