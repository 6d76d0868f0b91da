/**
 * A program for Apache Spark: evaluates a model on many questions, and transcribes many recorded dialogues. Each executor loads one model,
 * which all of its tasks share; inputs come from any path that Hadoop reads, results are Parquet.
 *
 * <p>{@link io.github.moshivis.spark.Main} is the class for {@code spark-submit}. Uses the API, {@code io.github.moshivis.evaluate} and
 * {@code io.github.moshivis.programs}.
 */
package io.github.moshivis.spark;
