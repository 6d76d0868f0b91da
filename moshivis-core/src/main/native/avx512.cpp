#include "avx512.h"
#include "packing.h"
#include "panels.h"
#include "rows.h"

namespace moshivis {

void packedAvx512(const PackedProduct& p) { packed<Avx512>(p); }

void denseAvx512(const DenseProduct& p) { dense<Avx512>(p); }

void attendAvx512(const Attention& a) { attend<Avx512>(a); }

void packNumbersAvx512(
        const Form& form, int64_t in, const void* source, int type, int64_t stride, int64_t rows, uint8_t* target) {
    packNumbers(form, in, source, type, stride, rows, target);
}

void packGroupsAvx512(
        const Form& form, int64_t in, const uint8_t* values, const float* scales, const float* offsets, int64_t rows, uint8_t* target) {
    packGroups(form, in, values, scales, offsets, rows, target);
}

void packPanelsAvx512(int type, const float* source, int64_t rows, int64_t in, float* scales, uint8_t* target) {
    packPanels(type, source, rows, in, scales, target);
}

void panelsAvx512(const PanelProduct& p) { panels<Avx512>(p); }

void activateAvx512(int activation, const float* x, float* y, int64_t count) { activate(activation, x, y, count); }

void normalizeAvx512(const Norm& n) { normalize<Avx512>(n); }

void gateAvx512(const void* x, int type, int64_t rows, int64_t hidden, void* y) { gate(x, type, rows, hidden, y); }

void addGatedAvx512(const GatedSum& g) { addGated<Avx512>(g); }

extern const InstructionSet kAvx512 = {
        "avx512-vnni", hasAvx512, quantizeRow, packedAvx512, prepareFloats, denseAvx512, attendAvx512, packNumbers, packGroups,
        packPanels, panels<Avx512>, activate, normalize<Avx512>, gate, addGated<Avx512>};

} // namespace moshivis
