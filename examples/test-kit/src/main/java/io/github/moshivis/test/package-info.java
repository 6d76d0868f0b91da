/**
 * Help for the tests of applications that hold conversations: a toy model ({@link io.github.moshivis.test.ToyModel}), a scripted audio
 * source ({@link io.github.moshivis.test.ScriptedSource}), a sink that collects the model's speech ({@link
 * io.github.moshivis.test.CollectingSink}), and a JUnit extension that provides the model ({@link
 * io.github.moshivis.test.MoshiVisExtension}).
 */
package io.github.moshivis.test;
