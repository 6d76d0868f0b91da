package io.github.moshivis.server.http;

import io.github.moshivis.load.BundledModel;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** Serves the files of the page: only those of one directory, with security headers. */
final class PageHandler extends Handler.Wrapper {
    private static final Map<String, String> HEADERS = Map.of(
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer", // the address may contain a token
            "Permissions-Policy",
            "microphone=(self), camera=(self)",
            "Cross-Origin-Opener-Policy",
            "same-origin");

    private static final String NANO_PATH = "/nano";

    private final Page page;

    PageHandler(Page page) {
        this.page = page;
        ContextHandler files = files(page.files(ResourceFactory.of(this)), "/");
        setHandler(compressed(
                page.offersNano()
                        ? new Handler.Sequence(files(nano(ResourceFactory.of(this)), NANO_PATH), files)
                        : files));
    }

    /** Text is compressed with gzip for clients that accept it; pictures and audio are already compressed. */
    private static Handler compressed(Handler files) {
        CompressionHandler compressed = new CompressionHandler(files);
        compressed.putCompression(new GzipCompression());
        compressed.putConfiguration("/*", CompressionConfig.builder().defaults().build());
        return compressed;
    }

    private static Resource nano(ResourceFactory factory) {
        Path demo = BundledModel.nano().pictures().get(0).file().getParent();
        return factory.newResource(demo);
    }

    /** The context refuses files outside of the directory, by links or by name. */
    private static ContextHandler files(Resource base, String path) {
        ResourceHandler files = new ResourceHandler();
        files.setBaseResource(base);
        files.setDirAllowed(false);
        files.setWelcomeFiles("index.html");
        files.setEtags(true);
        files.setCacheControl("no-cache"); // revalidate each time
        return new ContextHandler(files, path);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HEADERS.forEach(response.getHeaders()::put);
        response.getHeaders().put("Content-Security-Policy", page.contentSecurityPolicy());
        return super.handle(request, response, callback);
    }
}
