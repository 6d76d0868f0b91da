package io.github.moshivis.server.chat;

import io.github.moshivis.Conversation;
import io.github.moshivis.Lag;
import io.github.moshivis.Reply;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.SlotTicket;
import io.github.moshivis.TextPiece;
import io.github.moshivis.TranscriptionOptions;
import io.github.moshivis.client.Message;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.Image;
import io.github.moshivis.server.log.Events;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** One caller's conversation with the model: its options, its events and its picture. */
final class Talk {
    /** Maximum characters of the model's text kept for the log. */
    private static final int MAX_LOGGED = 100_000;

    /** Maximum wait for a slot of speech to text: an earlier caller's last words come after the slot of its conversation is free. */
    private static final Duration WORDS_WAIT = Duration.ofSeconds(15);

    private final ChatRoom room;
    private final Query query;
    private final long number;
    private final Outbox outbox;
    /** Settings of later pictures. */
    private volatile Query pictures;

    private final Newest<Query> updates;

    private final StringBuilder transcript = new StringBuilder();
    private Conversation conversation;

    Talk(ChatRoom room, Query query, long number, Outbox outbox) {
        this.room = room;
        this.query = query;
        this.pictures = query;
        this.number = number;
        this.outbox = outbox;
        this.updates = new Newest<>(room.work(), this::apply);
    }

    /** A picture is unreadable; the message is for the caller. */
    static final class BadPictureException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadPictureException(MediaException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Encodes the picture and starts. The source is opened when everything is ready.
     *
     * @throws BadPictureException if the picture cannot be read
     * @throws BadQueryException if the role is longer than the model's window
     */
    void start(SlotTicket ticket, Optional<byte[]> picture, CallerSource source) {
        SessionOptions options = options().ticket(ticket);
        try {
            options = picture.map(Image::encoded).map(options::image).orElse(options);
            conversation = options.start(source.attempt(), new CallerSink(query.voice(), outbox));
        } catch (MediaException e) {
            throw new BadPictureException(e);
        } catch (IllegalArgumentException e) {
            throw new BadQueryException("Cannot use text_prompt: " + e.getMessage());
        }
        Events.of("talk-begins")
                .with("caller", number)
                .with("picture", picture.isPresent())
                .log();
    }

    private SessionOptions options() {
        SessionOptions options = room.model().session().centerCrop(query.centerCrop());
        for (Map.Entry<Setting, Double> value : query.values().entrySet()) {
            options = value.getKey().apply(options, value.getValue());
        }
        options = query.textSeed().map(options::textSeed).orElse(options);
        options = query.audioSeed().map(options::audioSeed).orElse(options);
        SessionOptions chosen = options;
        options = room.features()
                .menu()
                .map(menu -> menu.apply(chosen, query.voicePrompt(), query.textPrompt()))
                .orElse(options);
        Optional<Duration> longest = longest();
        options = longest.map(options::maxDuration).orElse(options);
        options = room.recording(number).map(options::record).orElse(options);
        options = options.onText(this::said).onReply(this::replied).onLag(this::lagged);
        return query.userWords() && room.model().canTranscribe() ? options.transcribe(this::transcription) : options;
    }

    /** Sends the caller its transcription, with ends of turns if the model detects them. */
    private TranscriptionOptions transcription(TranscriptionOptions user) {
        TranscriptionOptions told = user.waitForSlot(WORDS_WAIT).onWord(word -> outbox.send(Message.UserWord.of(word)));
        boolean knowsPauses = room.model().speechToText().orElseThrow().pauseHeads() > 0;
        return knowsPauses ? told.onEndOfTurn(end -> outbox.send(new Message.UserTurn((float) end.time()))) : told;
    }

    /** Changes sampling and the size of later pictures asynchronously; does nothing after the end. */
    void update(Query changed) {
        updates.put(changed);
    }

    /** Applies settings that have changed since the conversation was created. */
    void begun(Query now) {
        if (now != query) {
            update(now);
        }
    }

    private void apply(Query changed) {
        try {
            conversation.update(changed::sampling);
            pictures = changed;
        } catch (IllegalStateException e) {
            Events.of("settings-too-late").with("caller", number).log();
        }
    }

    private Optional<Duration> longest() {
        Optional<Duration> ours = room.options().maxDuration();
        return query.maxDuration()
                .filter(asked -> ours.isEmpty() || asked.compareTo(ours.get()) < 0)
                .or(() -> ours);
    }

    private void said(TextPiece piece) {
        outbox.send(query.plainText() ? new Message.Text(piece.text()) : Message.ColoredText.of(piece));
        if (room.options().logTranscripts() && transcript.length() < MAX_LOGGED) {
            transcript.append(piece.text());
        }
    }

    private void replied(Reply reply) {
        room.metrics().frames.observe(reply.times().total());
    }

    private void lagged(Lag lag) {
        room.metrics().lags.add(lag.kind().name().toLowerCase(Locale.ROOT));
        if (lag.kind() == Lag.Kind.LATE) {
            room.metrics().late.observe(lag.behind().toNanos());
        }
    }

    /**
     * Changes the picture. Blocks until it is encoded; the conversation continues meanwhile.
     *
     * @throws BadPictureException if it is unreadable; the old one is kept
     */
    void change(byte[] picture) {
        try {
            Query now = pictures;
            int size = now.values().get(Setting.IMAGE_RESOLUTION).intValue();
            conversation.image(Image.encoded(picture), size, now.centerCrop());
            Events.of("picture-changed").with("caller", number).log();
        } catch (MediaException e) {
            throw new BadPictureException(e);
        } catch (IllegalStateException | ConversationException e) {
            Events.of("picture-too-late").with("caller", number).log();
        }
    }

    /** Waits for the end. Throws the failure that ended the conversation, if any. */
    void join() {
        try {
            conversation.join();
        } finally {
            Events ended = Events.of("talk-ended")
                    .with("caller", number)
                    .with("frames", conversation.statistics().frames())
                    .with("skipped", conversation.skippedFrames())
                    .with("underruns", conversation.underruns());
            (transcript.length() == 0 ? ended : ended.with("transcript", transcript)).log();
            conversation.close();
        }
    }

    /**
     * Tells a caller why its conversation did not begin, or broke off.
     *
     * @param failure the cause
     * @param leave ends the caller's connection
     */
    void failed(Throwable failure, BiConsumer<CloseReason, String> leave) {
        boolean ofTalk = failure instanceof ConversationException;
        EndReason reason = ofTalk ? ((ConversationException) failure).reason() : EndReason.MODEL_FAILED;
        if (ofTalk && failure.getCause() instanceof MediaException) {
            leave.accept(CloseReason.BAD_MEDIA, failure.getMessage());
        } else if (reason == EndReason.BUSY) { // of speech to text: the conversation's own slot was assigned
            leave.accept(CloseReason.BUSY, Reasons.NO_WORDS);
        } else {
            if (reason != EndReason.INTERRUPTED) { // by leaving
                Events.of("talk-failed").with("caller", number).log(Level.WARNING, failure);
            }
            leave.accept(CloseReason.FAILURE, Reasons.FAULT);
        }
    }
}
