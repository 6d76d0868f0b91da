/** Models by name from the Hugging Face hub, in the cache that its own tools use. */
module io.github.moshivis.hub {
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires java.net.http;
    requires transitive io.github.moshivis;
    requires static transitive org.jspecify;

    exports io.github.moshivis.hub;

    provides io.github.moshivis.plugin.ModelRepository with
            io.github.moshivis.hub.HuggingFaceRepository;
}
