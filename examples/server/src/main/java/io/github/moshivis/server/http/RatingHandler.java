package io.github.moshivis.server.http;

import io.github.moshivis.server.chat.ChatRoom;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** Accepts ratings of finished conversations: {@code POST /api/rating?key=…&stars=1..5}, with the key from the caller's metadata. */
final class RatingHandler extends Handler.Abstract {
    private static final String PATH = "/api/rating";

    private final ChatRoom room;

    /**
     * Creates the handler.
     *
     * @param room of the callers
     */
    RatingHandler(ChatRoom room) {
        this.room = room;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!Request.getPathInContext(request).equals(PATH)) {
            return false;
        }
        if (!HttpMethod.POST.is(request.getMethod())) {
            Answers.error(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "Only POST is possible here");
            return true;
        }
        Fields query = Request.extractQueryParameters(request);
        String key = query.getValue("key");
        String stars = query.getValue("stars");
        if (key == null || stars == null || !stars.matches("[1-5]")) {
            Answers.error(
                    response,
                    callback,
                    HttpStatus.BAD_REQUEST_400,
                    "Cannot use the rating: expected a key and stars from 1 to 5. Correct it");
        } else if (room.rate(key, Integer.parseInt(stars))) {
            Answers.send(response, callback, HttpStatus.OK_200, Answers.JSON, "{\"status\":\"ok\"}");
        } else {
            Answers.error(
                    response, callback, HttpStatus.NOT_FOUND_404, "There is no conversation to rate with this key");
        }
        return true;
    }
}
