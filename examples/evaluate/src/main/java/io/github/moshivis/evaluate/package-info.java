/**
 * Evaluation of a model on spoken questions with known answers: {@link io.github.moshivis.evaluate.EvaluationSet} reads the questions,
 * {@link io.github.moshivis.evaluate.Evaluator} asks them, {@link io.github.moshivis.evaluate.Summary} counts, and
 * {@link io.github.moshivis.evaluate.Report} writes tables and a page. Imports the library's API and Jackson. An evaluator may be used by
 * any thread; all other objects that are not records belong to one thread.
 */
package io.github.moshivis.evaluate;
