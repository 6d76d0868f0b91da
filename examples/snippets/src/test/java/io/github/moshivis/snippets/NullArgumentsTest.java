package io.github.moshivis.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.TranscriptionOptions;
import io.github.moshivis.audio.EchoCanceller;
import io.github.moshivis.audio.PcmLine;
import io.github.moshivis.hub.Hub;
import io.github.moshivis.io.AudioPublisher;
import io.github.moshivis.io.AudioSubscriber;
import io.github.moshivis.test.MoshiVisTest;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Hands null to each parameter of the API that may not be null: the exception has to name the parameter or the setter. Left out are the
 * constructors of records and exceptions, which the library makes itself, and services.
 */
@MoshiVisTest(conversations = 2)
class NullArgumentsTest {
    /** Outcome of a call that another argument, or the state, stops with an exception of its own. */
    private static final String REFUSED = "refused";

    private static List<Class<?>> api() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(House.api().toArray(String[]::new))
                        .stream()
                        .filter(each -> House.api().contains(each.getPackageName()))
                        .map(JavaClass::reflect)
                        .filter(NullArgumentsTest::isOpen)
                        .filter(NullArgumentsTest::isForHosts)
                        .<Class<?>>map(each -> each)
                        .toList();
    }

    private static boolean isOpen(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getDeclaringClass() == null || isOpen(type.getDeclaringClass()));
    }

    /** False for the services that the library finds by itself. */
    private static boolean isForHosts(Class<?> type) {
        return Arrays.stream(type.getInterfaces())
                .noneMatch(each -> each.getPackageName().startsWith(House.ROOT + ".plugin"));
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
    void nullIsRefusedByName(MoshiVis model) throws Exception {
        try (ApiSamples samples = new ApiSamples(model)) {
            nullIsRefusedByName(samples);
        }
    }

    private static void nullIsRefusedByName(ApiSamples samples) {
        Set<String> wrong = new TreeSet<>();
        Set<Class<?>> called = new HashSet<>();
        int tried = 0;
        for (Class<?> type : api()) {
            for (Constructor<?> constructor : type.getConstructors()) {
                boolean made = type.isRecord() || Throwable.class.isAssignableFrom(type);
                if (!made && !Modifier.isAbstract(type.getModifiers())) {
                    tried += call(constructor, null, samples, wrong);
                }
            }
            for (Method method : type.getDeclaredMethods()) {
                boolean isStatic = Modifier.isStatic(method.getModifiers());
                Object target = isStatic ? null : samples.of(type);
                boolean isCalled = Modifier.isPublic(method.getModifiers())
                        && !method.isSynthetic()
                        && !Modifier.isAbstract(method.getModifiers())
                        && !Set.of("equals", "valueOf", "compareTo").contains(method.getName())
                        && (isStatic || target != null);
                if (isCalled) {
                    called.add(type);
                    tried += call(method, target, samples, wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(tried).isGreaterThan(150);
        assertThat(called)
                .contains(SpeechToText.class, TranscriptionOptions.class, Session.class, Conversation.class, Hub.class)
                .contains(AudioSubscriber.class, AudioPublisher.class, PcmLine.class, EchoCanceller.class);
    }

    /** Calls with null for one parameter after another. */
    private static int call(Executable called, Object target, ApiSamples samples, Set<String> wrong) {
        Parameter[] parameters = called.getParameters();
        int tried = 0;
        for (int i = 0; i < parameters.length; i++) {
            boolean nullable = parameters[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (parameters[i].getType().isPrimitive() || nullable) {
                continue;
            }
            Object[] arguments = Arrays.stream(parameters)
                    .map(each -> samples.of(each.getType()))
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
}
