package io.github.moshivis.server.http;

import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Responses to requests that reach no handler, such as malformed ones, or that none answers. Replaces the pages of Jetty. */
final class ErrorAnswers implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Answers.protect(request, response);
        int status = response.getStatus();
        String reason = Optional.ofNullable(request.getAttribute(ErrorHandler.ERROR_MESSAGE))
                .map(String::valueOf)
                .orElseGet(() -> HttpStatus.getMessage(status));
        String path = request.getHttpURI().getPath();
        if (path != null && path.startsWith(ApiHandler.PREFIX)) {
            Answers.error(response, callback, status, reason);
        } else {
            Answers.send(response, callback, status, "text/plain;charset=utf-8", status + " " + reason + "\n");
        }
        return true;
    }
}
