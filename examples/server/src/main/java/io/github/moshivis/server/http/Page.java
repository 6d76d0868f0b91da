package io.github.moshivis.server.http;

import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;

/**
 * The page that the server serves.
 *
 * @param directory its files; null for the bundled page
 * @param ofReference whether it is the reference's page, which needs the address of the server to use
 * @param offersNano whether it shows the scenes and spoken questions of the nano model
 */
public record Page(Path directory, boolean ofReference, boolean offersNano) {
    /** Returns the bundled page. */
    public static final Page BUNDLED = new Page(null, false, false);

    /** Returns the bundled page with the scenes and spoken questions of the nano model. */
    public static final Page NANO = new Page(null, false, true);

    /**
     * Returns a page in a directory.
     *
     * @param directory its files
     * @return the page
     * @throws IllegalArgumentException if there is no page
     */
    public static Page in(Path directory) {
        if (!Files.isRegularFile(directory.resolve("index.html"))) {
            throw new IllegalArgumentException("Cannot show the page in " + directory.toAbsolutePath() + ": found "
                    + (Files.isDirectory(directory) ? "no index.html" : "no directory")
                    + " there, expected a directory with an index.html. Correct --static");
        }
        return new Page(directory, false, false);
    }

    Resource files(ResourceFactory factory) {
        return directory == null
                ? factory.newClassLoaderResource("/web/", false)
                : factory.newResource(directory.toAbsolutePath().normalize());
    }

    /**
     * Returns the path and query of the page. The reference's page asks another server for a position in a queue unless its address names
     * the server to use ({@code Queue.tsx}).
     *
     * @return a path, and perhaps a query
     */
    public String address() {
        return ofReference ? "/?worker_addr=same" : "/";
    }

    /** Returns the content security policy: all scripts are files of this server. */
    String contentSecurityPolicy() {
        String common =
                "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; worker-src 'self' blob:;"
                        + " connect-src 'self' ws: wss: blob: data:; style-src 'self' 'unsafe-inline'; object-src 'none';"
                        + " base-uri 'self'; form-action 'self'; frame-ancestors 'self'; ";
        return directory == null
                ? common + "script-src 'self' 'wasm-unsafe-eval'"
                : common
                        + "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' 'unsafe-eval' blob:; font-src 'self' data:";
    }
}
