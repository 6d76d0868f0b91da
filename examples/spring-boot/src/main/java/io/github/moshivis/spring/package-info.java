/** A model as a bean of Spring Boot. */
package io.github.moshivis.spring;
