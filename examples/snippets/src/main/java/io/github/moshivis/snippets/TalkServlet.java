package io.github.moshivis.snippets;

// sample: servlet
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SlotTicket;
import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.load.LoadOptions;
import jakarta.servlet.annotation.WebInitParam;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;

/** Takes a spoken question, and answers while the model speaks. */
@WebServlet(urlPatterns = "/talk", loadOnStartup = 1, initParams = @WebInitParam(name = "model", value = "nano"))
@SuppressWarnings("serial") // containers don't serialize servlets
public class TalkServlet extends HttpServlet {
    private transient MoshiVis model;

    @Override
    public void init() {
        model = MoshiVis.load(getInitParameter("model"), LoadOptions.defaults().maxConversations(4));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try (SlotTicket ticket = model.ticket()) {
            if (ticket.position() > 0) {
                response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "All conversations are in use");
                return;
            }
            AudioSource question = WavFile.source(request.getInputStream(), "question");
            response.setContentType("audio/wav");
            model.session()
                    .ticket(ticket)
                    .run(
                            question.thenSilence(Duration.ofSeconds(4)),
                            WavFile.sink(response.getOutputStream(), PcmEncoding.SIGNED_16, "answer"));
        }
    }

    @Override
    public void destroy() {
        model.close();
    }
}
// end
