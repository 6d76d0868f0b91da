package io.github.moshivis.tensor;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Opens a {@link Scope} around each test. */
public final class InScope implements BeforeEachCallback, AfterEachCallback {
    private Scope scope;

    @Override
    public void beforeEach(ExtensionContext test) {
        LibTorch.load();
        scope = Scope.open();
    }

    @Override
    public void afterEach(ExtensionContext test) {
        scope.close();
    }
}
