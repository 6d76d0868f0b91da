package io.github.moshivis.engine;

import io.github.moshivis.lm.PromptState;

/** A prompt on its way to its slot: the voice is encoded frame by frame, the steps are taken a few at a time, the result is kept. */
final class PromptJob extends SlotWorkQueue.Job {
    private final PromptRequest request;
    private VoiceEncoding voice;
    private PromptState work;

    PromptJob(SlotLease lease, PromptRequest request) {
        super(lease);
        this.request = request;
    }

    @Override
    boolean advance(Ticker ticker) {
        PromptState kept = ticker.keptPrompt(request.key());
        if (kept != null) {
            ticker.load(lease.slot, kept);
            return false;
        }
        if (work == null) {
            if (voice == null && request.voice() != null) {
                voice = ticker.beginVoice(request.voice());
            }
            if (voice == null || !voice.advance()) {
                work = ticker.beginPrompt(request, voice == null ? new int[0][] : voice.codes());
            }
            return true;
        }
        if (!work.advance()) {
            ticker.keepPrompt(request.key(), work);
            work = null;
        }
        return true;
    }

    @Override
    void release() {
        if (voice != null) {
            voice.close();
        }
        if (work != null) {
            work.close();
        }
    }
}
