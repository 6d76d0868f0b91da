/**
 * The files that make up a model, and its hyper-parameters.
 *
 * <p>{@link io.github.moshivis.layout.ModelLayout} is the only list of file names, for the hub, the loader and the converter. {@link
 * io.github.moshivis.layout.ModelDirectory#read} finds the files of a directory and reads its sizes. Records hold the sizes of the networks and check them when they
 * are made; the released sizes are constants with their source. Keys of a file that only allow one value here (an activation, a
 * kind of norm) are checked while reading and not kept. Unknown keys are logged once and ignored; contradictions and
 * values that are not implemented are refused with a {@link io.github.moshivis.errors.CheckpointException} that names file and key.
 * {@link io.github.moshivis.layout.UserCache} is the folder for files that are unpacked from jars. The form of the norms and the alignment of the user's stream are options of loading, not configuration.
 *
 * <p>Internal: no compatibility promise. Imports {@code .errors}, {@code .filetype}, {@code .io} and Jackson. Everything is immutable.
 */
package io.github.moshivis.layout;
