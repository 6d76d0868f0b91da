package io.github.moshivis.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a class of tests whose methods, or whose constructor, take a {@link io.github.moshivis.MoshiVis} as a parameter: the toy model,
 * loaded once for the class and closed after its last test.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(MoshiVisExtension.class)
public @interface MoshiVisTest {
    /**
     * Conversations at once; 1 or more.
     *
     * @return the number
     */
    int conversations() default 1;
}
