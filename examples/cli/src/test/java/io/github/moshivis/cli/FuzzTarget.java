package io.github.moshivis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.moshivis.Golden;
import io.github.moshivis.TinyPersonaPlex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A format of untrusted bytes.
 *
 * @param name name in messages and reports
 * @param seeds valid bytes
 * @param repair corrects checksums after a mutation, since nothing behind a wrong checksum is parsed
 * @param reader entry point of the API that reads the format
 */
record FuzzTarget(String name, Seeds seeds, UnaryOperator<byte[]> repair, Reader reader) {
    private static final Path ADAPTER = Golden.path("lora/vis/adapter/config.json");
    private static final Path GGUF = Golden.path("formats/candle-q8/model.q8_0.gguf");
    private static final Path MLX = Golden.path("formats/mlx-q4/model.q4.safetensors");
    private static final Path ROLES = Golden.path("personaplex/model/config.json");
    private static final Path VOICE = TinyPersonaPlex.storedVoice("TINY0");
    private static final Path WEIGHTS = Cli.MODEL.resolve("model.safetensors");

    static final List<FuzzTarget> ALL = List.of(
            new FuzzTarget("png", () -> FuzzSeeds.pictures("png"), Checksums::ofChunks, FuzzPlace::see),
            of("jpeg", () -> FuzzSeeds.pictures("jpg"), FuzzPlace::see),
            of("gif", () -> FuzzSeeds.pictures("gif"), FuzzPlace::see),
            of("bmp", () -> FuzzSeeds.pictures("bmp"), FuzzPlace::see),
            of("webp", FuzzSeeds::webp, FuzzPlace::see),
            of("wav", FuzzSeeds::wav, FuzzPlace::hearWav),
            new FuzzTarget("opus", FuzzSeeds::opus, Checksums::ofPages, FuzzPlace::hearOpus),
            of("message", FuzzSeeds::messages, FuzzPlace::decode),
            of("gguf", () -> FuzzSeeds.ggufHeader(GGUF), (place, bytes) -> place.describe(GGUF, bytes)),
            header("mlx", MLX, (place, bytes) -> place.describe(MLX, bytes)),
            header("safetensors", WEIGHTS, (place, bytes) -> place.load(WEIGHTS, bytes)),
            modelFile("tokenizer_spm_32k_3.model"),
            modelFile("moshika-vis.yaml"),
            modelFile("mimi_config.json"),
            modelFile("siglip_config.json"),
            of(
                    "lora",
                    () -> List.of(TinyAdapters.LOW_RANK.getBytes(UTF_8), Files.readAllBytes(ADAPTER)),
                    FuzzPlace::adapt),
            of(
                    "config.json",
                    () -> List.of(Files.readAllBytes(ROLES)),
                    (place, bytes) -> place.loadRoles("config.json", bytes)),
            of("tar", FuzzSeeds::tar, FuzzPlace::unpack),
            of("training", FuzzSeeds::trainings, FuzzPlace::train),
            of("questions", FuzzSeeds::questions, FuzzPlace::ask),
            of("pickle", () -> FuzzSeeds.pickle(VOICE), (place, bytes) -> place.speakAs(VOICE, bytes)));

    /** Valid bytes, made or read on request. */
    @FunctionalInterface
    interface Seeds {
        List<byte[]> get() throws IOException;
    }

    /** Reads bytes by the API; an exception of this library is a refusal. */
    @FunctionalInterface
    interface Reader {
        void read(FuzzPlace place, byte[] bytes) throws IOException;
    }

    private static FuzzTarget of(String name, Seeds seeds, Reader reader) {
        return new FuzzTarget(name, seeds, UnaryOperator.identity(), reader);
    }

    /** The JSON header of a safetensors file, with its length before it. */
    private static FuzzTarget header(String name, Path file, Reader reader) {
        return new FuzzTarget(name, () -> FuzzSeeds.safetensorsHeader(file), Checksums::ofHeader, reader);
    }

    private static FuzzTarget modelFile(String name) {
        Path file = Cli.MODEL.resolve(name);
        return of(name, () -> List.of(Files.readAllBytes(file)), (place, bytes) -> place.load(file, bytes));
    }

    static FuzzTarget named(String name) {
        return ALL.stream()
                .filter(target -> target.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return name;
    }
}
