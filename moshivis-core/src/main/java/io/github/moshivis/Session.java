package io.github.moshivis;

import io.github.moshivis.engine.SlotLease;
import io.github.moshivis.engine.StageTimes;
import io.github.moshivis.engine.StepResult;
import io.github.moshivis.engine.UserFrame;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.io.SourceReader;
import io.github.moshivis.recording.Recording;
import io.github.moshivis.text.TextStream;
import io.github.moshivis.text.Vocabulary;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;

/**
 * A conversation that the caller steps, one frame of 80 ms at a time. It keeps its model alive. Steps are taken one after the
 * other; {@link #image} and {@link #close} may be called by other threads meanwhile.
 */
public final class Session implements AutoCloseable {
    /** Samples in a frame: 80 ms at 24 kHz. */
    public static final int FRAME_SAMPLES = AudioSource.FRAME_SAMPLES;

    private final MoshiVis model;
    private final SlotLease lease;
    private final TextStream text;
    private final Vocabulary vocabulary;
    private final Backstop backstop;
    /** Null without a recording. */
    private final Recording recording;
    /** Null without a transcription. */
    private final UserTranscription transcription;

    private final SessionOptions options;
    /** Guarded by {@link #backstop}. */
    private SamplingOptions sampling;

    private long submitted;
    private long outputs;

    Session(
            SessionOptions options,
            SlotLease lease,
            Vocabulary vocabulary,
            Recording recording,
            UserTranscription transcription) {
        this.model = options.model();
        this.options = options;
        this.sampling = options.sampling();
        this.recording = recording;
        this.transcription = transcription;
        this.lease = lease;
        this.vocabulary = vocabulary;
        this.text = new TextStream(vocabulary);
        this.backstop = new Backstop(
                this,
                () -> free(lease, transcription),
                "A session was not closed; its slot is taken back now. Use try-with-resources");
    }

    /** Returns whether the caller is a listener of the user's transcription. */
    boolean isTranscriptionThread() {
        return transcription != null && transcription.running().isOwnThread();
    }

    private static void free(SlotLease lease, UserTranscription transcription) {
        lease.close();
        if (transcription != null) {
            transcription.abandon();
        }
    }

    /**
     * Feeds one 80 ms frame to the model and waits for its reply.
     *
     * @param frame {@value #FRAME_SAMPLES} samples, 24 kHz mono in [-1, 1]; copied
     * @return the model's response to the frame
     * @throws IllegalArgumentException if the frame has another length
     * @throws io.github.moshivis.errors.MediaException if a sample is no number, or far from [-1, 1]
     * @throws IllegalStateException if the session is closed
     * @throws ConversationException if the step fails, the model is closed meanwhile, the
     *     recording fails, or
     *     {@link SessionOptions#maxDuration} is over
     */
    public synchronized Reply step(float[] frame) {
        Objects.requireNonNull(frame, "frame");
        float[] said = frame.clone();
        CompletableFuture<StepResult> result = submit(said);
        try {
            return reply(submitted - 1, said, result.join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private CompletableFuture<StepResult> submit(float[] frame) {
        if (frame.length != FRAME_SAMPLES) {
            throw new IllegalArgumentException("A frame has " + FRAME_SAMPLES + " samples (80 ms at 24 kHz), found "
                    + frame.length + "; cut the audio into frames, or use start(source, sink)");
        }
        SourceReader.requireSound(frame, submitted * FRAME_SAMPLES, "the frames of this session");
        requireOpen();
        if (submitted >= options.maxFrames()) {
            throw new ConversationException(
                    EndReason.MAX_DURATION,
                    "The conversation has reached its maximum duration of " + submitted
                            + " frames of 80 ms; open another one, or raise SessionOptions.maxDuration");
        }
        submitted++;
        return lease.putSkipping(UserFrame.of(frame));
    }

    private void requireOpen() {
        if (backstop.isClosed()) {
            throw new IllegalStateException("This session is closed, or its conversation has ended; open another one");
        }
    }

    /** Turns a result into a reply; called once for each result that is not null, in order. */
    Reply reply(long number, float[] frame, StepResult result) {
        lease.taken();
        if (transcription != null) {
            transcription.hear(number, frame, result);
        }
        Optional<Reply.Output> output = Optional.ofNullable(result.row()).map(this::output);
        StageTimes stages = result.times();
        Reply.Times times =
                new Reply.Times(stages.encode(), stages.temporal(), stages.depth(), stages.decode(), stages.total());
        Reply reply = new Reply(result.step(), result.userCodes(), result.imageUsed(), times, output);
        if (recording != null) {
            recording.add(frame, result, output.map(said -> said.text().text()).orElse(""));
        }
        return reply;
    }

    private Reply.Output output(StepResult.Row row) {
        String piece = vocabulary.piece(row.textToken()).text();
        String shown = text.next(row.textToken());
        TextPiece said = new TextPiece(outputs++, row.textToken(), piece, shown, row.gate());
        return new Reply.Output(row.pcm(), said, row.codes());
    }

    /** Text that was held back because its character was not complete; "" if there is none. Called once, at the end. */
    String finishText() {
        return text.finish();
    }

    SlotLease lease() {
        return lease;
    }

    /**
     * Gives the conversation another picture; the steps after this look at it. Waits until the picture is encoded; steps of this
     * and other conversations go on meanwhile.
     *
     * @param image the picture
     * @throws io.github.moshivis.errors.MediaException if it cannot be decoded; the old picture stays
     * @throws IllegalStateException if the model cannot look at pictures, or the session is closed
     */
    public void image(Image image) {
        Objects.requireNonNull(image, "image");
        requireOpen();
        lease.setImage(model.prepare(image, options.imageSize(), options.centerCrop()));
    }

    /**
     * Gives the conversation another picture as {@link #image(Image)} does, with a size of its own.
     *
     * @param image the picture
     * @param imageSize pixels a side that it is resized to, as in {@link SessionOptions#imageSize}
     * @param centerCrop true to cut it to the square in its middle first, as in {@link SessionOptions#centerCrop}
     * @throws io.github.moshivis.errors.MediaException if it cannot be decoded; the old picture stays
     * @throws IllegalArgumentException if the size is less than 1 or more than the model was loaded for; the old picture stays
     * @throws IllegalStateException if the model cannot look at pictures, or the session is closed
     */
    public void image(Image image, int imageSize, boolean centerCrop) {
        Objects.requireNonNull(image, "image");
        requireOpen();
        lease.setImage(model.prepare(image, OptionalInt.of(SessionOptions.checkedImageSize(imageSize)), centerCrop));
    }

    /**
     * Takes the picture away; the steps after this run without one.
     *
     * @throws IllegalStateException if the session is closed
     */
    public void clearImage() {
        requireOpen();
        lease.setImage(null);
    }

    /**
     * Changes the choice of tokens while the conversation goes on, from the next step on. Waits until the change is made, between
     * two steps. Randomness goes on where it was. No other conversation is affected.
     *
     * @param change gets the present settings and returns those to use
     * @throws IllegalStateException if the session is closed
     */
    public void update(UnaryOperator<SamplingOptions> change) {
        Objects.requireNonNull(change, "change");
        requireOpen();
        synchronized (backstop) {
            SamplingOptions changed = Objects.requireNonNull(change.apply(sampling), "sampling");
            lease.control(changed.controls());
            sampling = changed;
        }
    }

    /**
     * Step times of this conversation.
     *
     * @return all until now
     */
    public FrameTimes statistics() {
        return FrameTimes.of(lease.times());
    }

    /**
     * Returns the transcription of the user: its words until now, its lag, and a flush of the words that are still to come.
     *
     * @return the transcription, which ends with the conversation; empty without {@link SessionOptions#transcribe}
     */
    public Optional<Transcription> userTranscription() {
        return Optional.ofNullable(transcription).map(UserTranscription::running);
    }

    /** Closes, and gives up the words of the user that are still to come. */
    void abandon() {
        if (transcription != null) {
            transcription.abandon();
        }
        close();
    }

    /**
     * Ends the conversation, frees its slot, brings the user's last words and completes the recording. Idempotent; a step that another
     * thread waits for fails. Waits for the words no longer than {@link TranscriptionOptions#finishTimeout}.
     *
     * @throws ConversationException if the recording cannot be completed
     */
    @Override
    public void close() {
        backstop.beginClosing();
        lease.close();
        if (transcription != null) {
            transcription.finish();
        }
        backstop.close();
        if (recording != null) {
            recording.close();
        }
    }
}
