package io.github.moshivis.cli;

import picocli.CommandLine.IVersionProvider;

/** The output of {@code --version}: the version of the jar. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"moshivis " + (version == null ? "(not from a jar)" : version)};
    }
}
