package io.github.moshivis.programs;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The heading in a command's help of an option, or of all options of a class. The field's goes before that of its class and of the class around it. */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface OptionHeading {
    /**
     * The theme.
     *
     * @return one for people, such as {@code Model}
     */
    String value();
}
