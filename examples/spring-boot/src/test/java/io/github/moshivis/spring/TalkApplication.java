package io.github.moshivis.spring;

// sample: boot-application
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SlotTicket;
import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class TalkApplication {
    private final MoshiVis model;

    TalkApplication(MoshiVis model) {
        this.model = model;
    }

    public static void main(String[] args) {
        SpringApplication.run(TalkApplication.class, args);
    }

    /** Takes a spoken question, and answers while the model speaks. */
    @PostMapping(path = "/talk", consumes = "audio/wav")
    void talk(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try (SlotTicket ticket = model.ticket()) {
            if (ticket.position() > 0) {
                response.sendError(503, "All conversations are in use");
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
}
// end
