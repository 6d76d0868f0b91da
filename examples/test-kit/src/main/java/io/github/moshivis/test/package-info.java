/**
 * Help for the tests of applications that hold conversations: a toy model ({@link io.github.moshivis.test.ToyModel}), a user who follows
 * a script ({@link io.github.moshivis.test.ScriptedSource}), a memory of the model's speech
 * ({@link io.github.moshivis.test.CollectingSink}), and a JUnit extension that hands out the model
 * ({@link io.github.moshivis.test.MoshiVisExtension}).
 */
package io.github.moshivis.test;
