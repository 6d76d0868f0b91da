package io.github.moshivis.test;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.load.LoadOptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Passes the toy model to tests with a {@link MoshiVis} parameter; {@link MoshiVisTest} registers it. A model is loaded at the first such
 * parameter of a class, shared by all tests of the class, and closed after the last.
 */
public final class MoshiVisExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(MoshiVisExtension.class);

    /** Creates the extension; JUnit calls it. */
    public MoshiVisExtension() {}

    /** Model that is closed with the store of its class. */
    private record Loaded(MoshiVis model) implements CloseableResource {
        @Override
        public void close() {
            model.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == MoshiVis.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> tests = context.getRequiredTestClass();
        // The store of a class context is closed with its class; a method's context finds it in its ancestor.
        ExtensionContext owner = context;
        while (owner.getTestMethod().isPresent()) {
            owner = owner.getParent().orElseThrow();
        }
        return owner.getStore(NAMESPACE)
                .getOrComputeIfAbsent(tests, key -> new Loaded(load(tests)), Loaded.class)
                .model();
    }

    private static MoshiVis load(Class<?> tests) {
        int conversations = AnnotationSupport.findAnnotation(tests, MoshiVisTest.class)
                .map(MoshiVisTest::conversations)
                .orElse(1);
        return ToyModel.load(LoadOptions.defaults().maxConversations(conversations));
    }
}
