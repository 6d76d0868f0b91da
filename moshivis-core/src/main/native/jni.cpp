// The native methods of io.github.moshivis.kernel.NativeCalls. They take numbers and addresses only, so that neither JNI's environment nor
// its header is needed.
#include "kernels.h"
#include "memory.h"
#include "tokens.h"

#if defined(_WIN32)
#define EXPORT extern "C" __declspec(dllexport)
#else
#define EXPORT extern "C" __attribute__((visibility("default")))
#endif
#define METHOD(type, name) EXPORT type Java_io_github_moshivis_kernel_NativeCalls_##name
#define STATIC void*, void*

using namespace moshivis;

namespace {

template <class T>
T* at(int64_t address) {
    return reinterpret_cast<T*>(static_cast<intptr_t>(address));
}

} // namespace

// Changes with the signatures below and with the layouts.
METHOD(int32_t, version)(STATIC) { return 9; }

METHOD(int32_t, instructionSets)(STATIC) {
    int32_t found = 0;
    for (int i = 0; i < kInstructionSetCount; i++) {
        if (kInstructionSets[i] != nullptr && kInstructionSets[i]->isSupported()) {
            found |= 1 << i;
        }
    }
    return found;
}

METHOD(int64_t, allocate)(STATIC, int64_t bytes) { return static_cast<int64_t>(reinterpret_cast<intptr_t>(allocate(bytes))); }

METHOD(void, release)(STATIC, int64_t address) { release(at<void>(address)); }

METHOD(void, useSoon)(STATIC, int64_t address, int64_t bytes) { useSoon(at<void>(address), bytes); }

METHOD(int64_t, packedBytes)(STATIC, int32_t bits, int32_t group, uint8_t affine, int64_t in, int64_t out) {
    return Form{bits, group, affine != 0}.blockBytes(in) * ((out + kLanes - 1) / kLanes);
}

METHOD(int64_t, activationBytes)(STATIC, int64_t in) { return Activations::rowBytes(paddedColumns(in)); }

METHOD(int64_t, denseRowBytes)(STATIC, int64_t in) { return denseRowBytes(in); }

METHOD(void, packNumbers)(
        STATIC, int32_t set, int32_t bits, int32_t group, int64_t in, int64_t source, int32_t type, int64_t stride, int64_t rows, int64_t target) {
    kInstructionSets[set]->packNumbers({bits, group, false}, in, at<void>(source), type, stride, rows, at<uint8_t>(target));
}

METHOD(void, packGroups)(
        STATIC, int32_t set, int32_t bits, int32_t group, uint8_t affine, int64_t in, int64_t values, int64_t scales, int64_t offsets, int64_t rows,
        int64_t target) {
    kInstructionSets[set]->packGroups(
            {bits, group, affine != 0}, in, at<uint8_t>(values), at<float>(scales), at<float>(offsets), rows, at<uint8_t>(target));
}

METHOD(void, quantize)(STATIC, int32_t set, int64_t x, int32_t type, int64_t stride, int32_t rows, int64_t in, int64_t target) {
    size_t bytes = Activations::rowBytes(paddedColumns(in));
    for (int32_t r = 0; r < rows; r++) {
        kInstructionSets[set]->quantize(at<uint8_t>(x) + r * stride * bytesOf(type), type, in, at<uint8_t>(target) + r * bytes);
    }
}

METHOD(void, multiplyPacked)(
        STATIC, int32_t set, int32_t bits, int32_t group, uint8_t affine, int64_t matrix, int64_t in, int64_t out, int64_t x, int32_t rows,
        int64_t y, int32_t type, int64_t stride, int64_t fromBlock, int64_t toBlock) {
    kInstructionSets[set]->packed(
            {{bits, group, affine != 0}, at<uint8_t>(matrix), {paddedColumns(in), at<uint8_t>(x)}, rows, at<void>(y), stride, type, in,
             out, fromBlock, toBlock});
}

METHOD(void, prepareDense)(STATIC, int32_t set, int64_t x, int32_t type, int64_t stride, int32_t rows, int64_t in, int64_t target) {
    for (int32_t r = 0; r < rows; r++) {
        kInstructionSets[set]->prepareDense(
                at<uint8_t>(x) + r * stride * bytesOf(type), type, in, at<uint8_t>(target) + r * denseRowBytes(in));
    }
}

METHOD(void, multiplyDense)(
        STATIC, int32_t set, int64_t matrix, int32_t type, int64_t x, int32_t rows, int64_t bias, int64_t y, int64_t stride, int64_t in,
        int64_t out, int64_t from, int64_t to) {
    kInstructionSets[set]->dense({at<void>(matrix), type, at<void>(x), rows, at<float>(bias), at<void>(y), stride, in, out, from, to});
}

METHOD(void, attend)(
        STATIC, int32_t set, int64_t query, int64_t key, int64_t value, int32_t type, int64_t stride, int64_t rotations, int64_t keys,
        int64_t values, int64_t keyScales, int64_t valueScales, int32_t cacheType, int64_t capacity, int64_t ring, int64_t positions, int64_t starts,
        int64_t lengths, float scale, int64_t y, int64_t steps, int64_t heads, int32_t dim, int64_t from, int64_t to) {
    kInstructionSets[set]->attend(
            {at<void>(query), at<void>(key), at<void>(value), type, stride, at<float>(rotations), at<void>(keys), at<void>(values),
             at<float>(keyScales), at<float>(valueScales), cacheType, capacity, ring, at<int64_t>(positions), at<int64_t>(starts),
             at<int64_t>(lengths), scale, at<void>(y), steps, heads, dim, from, to});
}

METHOD(void, packPanels)(STATIC, int32_t set, int32_t type, int64_t source, int64_t rows, int64_t in, int64_t scales, int64_t target) {
    kInstructionSets[set]->packPanels(type, at<float>(source), rows, in, at<float>(scales), at<uint8_t>(target));
}

METHOD(void, multiplyPanels)(
        STATIC, int32_t set, int64_t matrix, int32_t type, int64_t scales, int64_t x, int64_t batchStride, int64_t rowStride,
        int64_t rowsInBatch, int64_t bias, int64_t factors, int64_t residual, int32_t activation, int64_t y, int64_t in, int64_t out,
        int64_t fromRow, int64_t toRow, int64_t fromPanel, int64_t toPanel) {
    kInstructionSets[set]->panels(
            {at<uint8_t>(matrix), type, at<float>(scales), at<float>(x), batchStride, rowStride, rowsInBatch, at<float>(bias),
             at<float>(factors), at<float>(residual), activation, at<float>(y), in, out, fromRow, toRow, fromPanel, toPanel});
}

METHOD(void, activate)(STATIC, int32_t set, int32_t activation, int64_t x, int64_t y, int64_t count) {
    kInstructionSets[set]->activate(activation, at<float>(x), at<float>(y), count);
}

METHOD(void, normalize)(
        STATIC, int32_t set, int32_t kind, int64_t x, int32_t type, int64_t stride, int64_t weight, int64_t bias, int32_t weightType,
        float epsilon, int64_t y, int64_t rows, int64_t dim) {
    kInstructionSets[set]->normalize(
            {kind, at<void>(x), type, stride, at<void>(weight), at<void>(bias), weightType, epsilon, at<void>(y), rows, dim});
}

METHOD(void, gate)(STATIC, int32_t set, int64_t x, int32_t type, int64_t rows, int64_t hidden, int64_t y) {
    kInstructionSets[set]->gate(at<void>(x), type, rows, hidden, at<void>(y));
}

METHOD(void, addGated)(
        STATIC, int32_t set, int64_t gates, int64_t x, int32_t type, float shift, int64_t used, int64_t y, int64_t means, int64_t rows,
        int64_t dim) {
    kInstructionSets[set]->addGated({at<void>(gates), at<void>(x), type, shift, at<uint8_t>(used), at<void>(y), at<void>(means), rows, dim});
}

METHOD(int64_t, lookUp)(STATIC, int64_t table, int64_t rowBytes, int64_t entries, int64_t ids, int64_t count, int64_t y) {
    return lookUp(at<uint8_t>(table), rowBytes, entries, at<int64_t>(ids), count, at<uint8_t>(y));
}

METHOD(void, add)(STATIC, int64_t x, int32_t type, int64_t y, int64_t count) { add({at<void>(x), type, at<void>(y), count}); }

METHOD(void, subtractNearest)(
        STATIC, int64_t scores, int64_t rows, int64_t entries, int64_t table, int64_t dim, int64_t rest, int64_t ids, int64_t stride) {
    subtractNearest({at<float>(scores), rows, entries, at<float>(table), dim, at<float>(rest), at<int64_t>(ids), stride});
}

METHOD(void, upsample)(
        STATIC, int64_t x, int64_t steps, int64_t channels, int64_t present, int64_t before, int64_t ratio, int64_t y) {
    upsample({at<float>(x), steps, channels, at<float>(present), at<float>(before), ratio, at<float>(y)});
}

METHOD(void, rectify)(STATIC, int64_t x, int32_t type, int64_t count) { rectify(at<void>(x), type, count); }

METHOD(int64_t, choiceBytes)(STATIC, int64_t entries) { return choiceBytes(entries); }

METHOD(void, choose)(
        STATIC, int64_t logits, int32_t type, int64_t temperatures, int64_t masses, int64_t noise, int64_t rows, int64_t entries, int64_t ranks,
        int64_t scratch, int64_t tokens) {
    choose(
            {at<void>(logits), type, at<float>(temperatures), at<float>(masses), at<float>(noise), rows, entries, ranks, at<void>(scratch),
             at<int64_t>(tokens)});
}
