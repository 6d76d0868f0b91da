package io.github.moshivis.train.tune;

import io.github.moshivis.load.UserAlignment;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.train.data.CodeNoise;
import io.github.moshivis.train.model.LossWeights;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of a run; {@link TuningFile} reads them from YAML.
 *
 * @param model the model that is trained on: a directory, or its language model's file
 * @param data lists of recordings
 * @param evalData lists of recordings that are not trained on
 * @param target which tensors are trained
 * @param loss weights of tokens
 * @param batch size of a step
 * @param optimizer rates and limits
 * @param checkpoints when the state is stored
 * @param runDir where everything is written
 * @param compute F32, or BF16 with parameters, norms and losses in float32
 * @param device where it computes
 * @param threads on the CPU; rows of a batch are shared between them
 * @param recompute whether layers are computed a second time on the way back, which saves memory
 * @param seed of everything random
 * @param logEvery steps between two lines of the log
 */
public record TuningSettings(
        Path model,
        Data data,
        Optional<String> evalData,
        Target target,
        LossWeights loss,
        Batch batch,
        Optimizer optimizer,
        Checkpoints checkpoints,
        Path runDir,
        DType compute,
        Device device,
        int threads,
        boolean recompute,
        long seed,
        int logEvery) {
    /** Which tensors are trained. */
    public enum Kind {
        /** The part that sees: gates, shared cross-attention and its norms, projection and norm of the image. */
        VISION,
        /** A low-rank adapter on every matrix of plain Moshi. */
        LORA,
        /** Both: the part that sees, and a low-rank adapter. */
        VISION_AND_LORA,
        /** Everything but image encoder and codec. */
        FULL;

        boolean hasVision() {
            return this == VISION || this == VISION_AND_LORA;
        }

        boolean hasPairs() {
            return this == LORA || this == VISION_AND_LORA;
        }
    }

    /**
     * Training data.
     *
     * @param train lists of recordings, comma-separated, each with {@code :weight} or without
     * @param shuffle whether their order is random
     * @param alignment when the trained model hears a frame of the user's in a conversation
     * @param noise among the codes that the model reads
     */
    public record Data(String train, boolean shuffle, UserAlignment alignment, CodeNoise noise) {}

    /**
     * The tensors that are trained.
     *
     * @param kind which tensors
     * @param rank of a low-rank adapter
     * @param scaling of a low-rank adapter
     * @param embeddings whether a low-rank adapter brings whole embedding tables
     * @param saveAdapter whether the result is an adapter's file, or else a whole model
     */
    public record Target(Kind kind, int rank, double scaling, boolean embeddings, boolean saveAdapter) {}

    /**
     * Size of a step.
     *
     * @param duration seconds of a row
     * @param rows rows of a micro-batch
     * @param microbatches micro-batches of a step, whose gradients are averaged
     * @param steps of the run
     */
    public record Batch(double duration, int rows, int microbatches, int steps) {}

    /**
     * Settings of AdamW and its schedule.
     *
     * @param rate the highest learning rate
     * @param decay weight decay
     * @param rise share of the steps until the highest rate
     * @param maxNorm limit of the gradients' norm
     */
    public record Optimizer(double rate, double decay, double rise, double maxNorm) {}

    /**
     * When the state is stored and measured.
     *
     * @param enabled whether anything is stored
     * @param every steps between two checkpoints; less than 1 for the last alone
     * @param keep how many are kept; empty for all
     * @param evalEvery steps between two measurements on other data; less than 1 for the last alone
     */
    public record Checkpoints(boolean enabled, int every, Optional<Integer> keep, int evalEvery) {}
}
