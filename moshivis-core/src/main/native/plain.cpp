// Plain C++: for processors that nothing better is known of.
#include "attention.h"
#include "dense.h"
#include "packing.h"
#include "panels.h"
#include "rows.h"

namespace moshivis {
namespace {

struct Plain {
    static constexpr int kRows = 1;
    static constexpr int kColumns = 2;
    static constexpr int kSums = 3;
    static constexpr int kTileRows = 2;
    struct F { float v[kLanes]; };
    struct I { int32_t v[kLanes]; };

    template <class G>
    static F each(G g) {
        F f;
        for (int i = 0; i < kLanes; i++) {
            f.v[i] = g(i);
        }
        return f;
    }
    static F zero() { return set(0); }
    static F set(float x) { return each([&](int) { return x; }); }
    static F load(const float* p) { return each([&](int i) { return p[i]; }); }
    static F load(const uint16_t* p) { return each([&](int i) { return fromBf16(p[i]); }); }
    static F load(const int8_t* p) { return each([&](int i) { return static_cast<float>(p[i]); }); }
    static F half(const uint16_t* p) { return each([&](int i) { return fromF16(p[i]); }); }
    static F mul(const F& a, const F& b) { return each([&](int i) { return a.v[i] * b.v[i]; }); }
    static F add(const F& a, const F& b) { return each([&](int i) { return a.v[i] + b.v[i]; }); }
    static F fma(const F& a, const F& b, const F& c) { return each([&](int i) { return a.v[i] * b.v[i] + c.v[i]; }); }
    static F toFloat(const I& a) { return each([&](int i) { return static_cast<float>(a.v[i]); }); }
    static void store(float* p, const F& f) { memcpy(p, f.v, sizeof f.v); }
    static void prefetch(const void*) {}
    static float sum(F f) {
        for (int width = kLanes / 2; width > 0; width /= 2) {
            for (int i = 0; i < width; i++) {
                f.v[i] += f.v[i + width];
            }
        }
        return f.v[0];
    }

    template <int R, int BIAS>
    static void unit4(const uint8_t* w, const Cursor<R>& x, I (&acc)[R]) {
        for (int r = 0; r < R; r++) {
            for (int l = 0; l < kLanes; l++) {
                int32_t sum = -BIAS * *x.sum[r];
                for (int i = 0; i < 4; i++) {
                    for (int k = 0; k < 4; k++) {
                        uint8_t pair = w[i * kVector + 4 * l + k];
                        sum += (pair & 15) * x.q[r][8 * i + k] + (pair >> 4) * x.q[r][8 * i + 4 + k];
                    }
                }
                acc[r].v[l] = sum;
            }
        }
    }

    template <int R>
    static void unit8(const uint8_t* w, const Cursor<R>& x, I (&acc)[R]) {
        for (int r = 0; r < R; r++) {
            for (int l = 0; l < kLanes; l++) {
                int32_t sum = 0;
                for (int i = 0; i < 8; i++) {
                    for (int k = 0; k < 4; k++) {
                        sum += static_cast<int8_t>(w[i * kVector + 4 * l + k]) * x.q[r][4 * i + k];
                    }
                }
                acc[r].v[l] = sum;
            }
        }
    }
};

bool always() { return true; }

} // namespace

extern const InstructionSet kPlain = {"plain", always, quantizeRow, packed<Plain>, prepareFloats, dense<Plain>, attend<Plain>, packNumbers, packGroups,
        packPanels, panels<Plain>, activate, normalize<Plain>, gate, addGated<Plain>};

} // namespace moshivis
