package io.github.moshivis.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * Result of a conversion.
 *
 * @param path the directory or file that was asked for
 * @param files all files
 * @param leftOut tensors of the source that the model does not use, by their names there: they are in none of the files
 * @param missing files of a complete model that were missing in the source directory and are therefore missing here
 */
public record ConversionResult(Path path, List<Path> files, List<String> leftOut, List<String> missing) {}
