package io.github.moshivis.programs;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Heading in a command's help of an option, or of all options of a class. A field's heading overrides that of its class and of the
 * enclosing class.
 */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface OptionHeading {
    /**
     * Returns the heading.
     *
     * @return a title, such as {@code Model}
     */
    String value();
}
