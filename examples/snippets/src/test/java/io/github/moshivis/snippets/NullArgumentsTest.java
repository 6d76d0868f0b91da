package io.github.moshivis.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.test.MoshiVisTest;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Hands null to each parameter of the API that may not be null: the exception has to name the parameter or the setter. Left out are the
 * constructors of records and exceptions, which the library makes itself.
 */
@MoshiVisTest
class NullArgumentsTest {
    /** Outcome of a call that another argument, or the state, stops with an exception of its own. */
    private static final String REFUSED = "refused";

    private final Map<Class<?>, Object> samples = new HashMap<>();

    NullArgumentsTest(MoshiVis model) {
        samples.put(MoshiVis.class, model);
        samples.put(SessionOptions.class, model.session());
        samples.put(LoadOptions.class, LoadOptions.defaults());
        samples.put(String.class, "x");
        samples.put(Path.class, Path.of("does-not-exist"));
        samples.put(Duration.class, Duration.ofSeconds(1));
        samples.put(Instant.class, Instant.EPOCH);
        samples.put(ByteBuffer.class, ByteBuffer.allocate(0));
        samples.put(Optional.class, Optional.empty());
        samples.put(OptionalInt.class, OptionalInt.empty());
        samples.put(OptionalLong.class, OptionalLong.empty());
        samples.put(List.class, List.of());
        samples.put(Set.class, Set.of());
        samples.put(Map.class, Map.of());
        samples.put(Throwable.class, new IllegalStateException("cause"));
    }

    private static List<Class<?>> api() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(House.api().toArray(String[]::new))
                        .stream()
                        .filter(each -> House.api().contains(each.getPackageName()))
                        .map(JavaClass::reflect)
                        .filter(NullArgumentsTest::isOpen)
                        .<Class<?>>map(each -> each)
                        .toList();
    }

    private static boolean isOpen(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getDeclaringClass() == null || isOpen(type.getDeclaringClass()));
    }

    @Test
    void packagesOfTheApiAreNullMarked() {
        for (Class<?> each : api()) {
            AnnotatedElement marked = each.getPackage();
            assertThat(marked.isAnnotationPresent(NullMarked.class))
                    .as(each.getPackageName())
                    .isTrue();
        }
    }

    @Test
    void nullIsRefusedByName() {
        Set<String> wrong = new TreeSet<>();
        int tried = 0;
        for (Class<?> type : api()) {
            for (Constructor<?> constructor : type.getConstructors()) {
                boolean made = type.isRecord() || Throwable.class.isAssignableFrom(type);
                if (!made && !Modifier.isAbstract(type.getModifiers())) {
                    tried += call(constructor, null, wrong);
                }
            }
            for (Method method : type.getDeclaredMethods()) {
                boolean isStatic = Modifier.isStatic(method.getModifiers());
                Object target = isStatic || type.isInterface() ? null : sample(type);
                boolean called = Modifier.isPublic(method.getModifiers())
                        && !method.isSynthetic()
                        && !Modifier.isAbstract(method.getModifiers())
                        && !Set.of("equals", "valueOf", "compareTo").contains(method.getName())
                        && (isStatic || target != null);
                if (called) {
                    tried += call(method, target, wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(tried).isGreaterThan(100);
    }

    /** Calls with null for one parameter after another. */
    private int call(Executable called, Object target, Set<String> wrong) {
        Parameter[] parameters = called.getParameters();
        int tried = 0;
        for (int i = 0; i < parameters.length; i++) {
            boolean nullable = parameters[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (parameters[i].getType().isPrimitive() || nullable) {
                continue;
            }
            Object[] arguments = Arrays.stream(parameters)
                    .map(each -> sample(each.getType()))
                    .toArray();
            arguments[i] = null;
            if (Arrays.stream(arguments).filter(Objects::isNull).count() > 1) {
                continue; // there is no sample of another parameter
            }
            String found = outcome(called, target, arguments);
            if (!List.of(parameters[i].getName(), called.getName(), REFUSED).contains(found)) {
                wrong.add(called.toGenericString() + ": null for " + parameters[i].getName() + " gives " + found);
            }
            tried++;
        }
        return tried;
    }

    private static String outcome(Executable called, Object target, Object[] arguments) {
        try {
            Object result = called instanceof Method method
                    ? method.invoke(target, arguments)
                    : ((Constructor<?>) called).newInstance(arguments);
            if (result instanceof AutoCloseable closeable && result != target) {
                closeable.close();
            }
            return "no exception";
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            return cause instanceof NullPointerException ? String.valueOf(cause.getMessage()) : REFUSED;
        } catch (Exception e) {
            return "cannot be called: " + e;
        }
    }

    /** A harmless value of a type; null if there is none. */
    private Object sample(Class<?> type) {
        Object known = samples.get(type);
        if (known != null) {
            return known;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        }
        if (type == boolean.class) {
            return false;
        }
        if (type.isPrimitive()) {
            return type == long.class
                    ? (Object) 1L
                    : type == double.class ? (Object) 1.0 : type == float.class ? (Object) 1f : (Object) 1;
        }
        if (type.isInterface()) {
            return Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null);
        }
        return null;
    }
}
