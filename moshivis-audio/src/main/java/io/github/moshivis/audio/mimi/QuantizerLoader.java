package io.github.moshivis.audio.mimi;

import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.TensorRole;
import io.github.moshivis.weights.WeightReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the quantizer: the first codebooks in the file. Codebooks have two sets of names; the older one is of checkpoints from before a
 * renaming (moshi/quantization/core_vq.py).
 */
final class QuantizerLoader {
    private static final int SEMANTIC = 1;
    private static final String[] USAGE = {"cluster_usage", "cluster_size"};
    private static final String[] SUM = {"embedding_sum", "embed_sum", "embed_avg"};
    private static final String[] INITIALIZED = {"_initialized", "inited"};

    private final WeightReader weights;
    private final MimiConfig config;
    private final int codebooks;
    private final boolean decodes;

    QuantizerLoader(WeightReader weights, MimiConfig config, int codebooks, boolean decodes) {
        int stored = config.quantizer().codebooks();
        if (codebooks <= SEMANTIC || codebooks > stored) {
            throw new IllegalArgumentException("Mimi cannot use " + codebooks + " codebooks: expected 2 to " + stored
                    + ", the number in its file. Choose as many as the language model has streams a voice");
        }
        this.weights = weights;
        this.config = config;
        this.codebooks = codebooks;
        this.decodes = decodes;
    }

    SplitQuantizer load() {
        int stored = config.quantizer().codebooks();
        return new SplitQuantizer(
                branch(weights.at("rvq_first"), SEMANTIC, SEMANTIC),
                branch(weights.at("rvq_rest"), codebooks - SEMANTIC, stored - SEMANTIC));
    }

    private ResidualQuantizer branch(WeightReader part, int used, int stored) {
        int latent = config.seanet().dimension();
        int width = config.quantizer().dimension();
        List<Codebook> books = new ArrayList<>();
        for (int i = 0; i < stored; i++) {
            WeightReader book = part.at("vq.layers").at(i).at("_codebook");
            if (i < used) {
                books.add(codebook(book, width));
            } else {
                skip(book, USAGE);
                skip(book, SUM);
            }
            skip(book, INITIALIZED);
        }
        return new ResidualQuantizer(
                new ConvolutionLoader(part.at("input_proj")).pointwiseWithoutBias(latent, width),
                books,
                decodes
                        ? new ConvolutionLoader(part.use(TensorRole.DECODER).at("output_proj"))
                                .pointwiseWithoutBias(width, latent)
                        : null);
    }

    private Codebook codebook(WeightReader book, int width) {
        int bins = config.quantizer().bins();
        WeightReader table = book.use(TensorRole.CODEBOOK);
        Tensor vectors = table.derive(() ->
                Codebook.vectors(table.tensor(name(book, SUM), bins, width), table.tensor(name(book, USAGE), bins)));
        return new Codebook(vectors, Linear.of(vectors, book.derive(() -> Codebook.offsets(vectors))));
    }

    /** Returns the name in the file; the released one if it has none. */
    private static String name(WeightReader book, String[] names) {
        for (String name : names) {
            if (book.has(name)) {
                return name;
            }
        }
        return names[0];
    }

    private static void skip(WeightReader book, String[] names) {
        for (String name : names) {
            book.skip(name);
        }
    }
}
