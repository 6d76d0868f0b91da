// NEON with dot products (Armv8.2 and later): 16 lanes are four registers.
#include <arm_neon.h>
#if defined(__linux__)
#include <sys/auxv.h>
#endif
#include "attention.h"
#include "dense.h"
#include "packing.h"
#include "panels.h"
#include "rows.h"

namespace moshivis {
namespace {

struct Neon {
    static constexpr int kRows = 2;
    static constexpr int kColumns = 4;
    static constexpr int kSums = 8;
    static constexpr int kTileRows = 6;
    struct F { float32x4_t v[4]; };
    struct I { int32x4_t v[4]; };

    template <class G>
    static F each(G g) {
        return {{g(0), g(1), g(2), g(3)}};
    }
    static F zero() { return set(0); }
    static F set(float x) { return each([&](int) { return vdupq_n_f32(x); }); }
    static F load(const float* p) { return each([&](int i) { return vld1q_f32(p + 4 * i); }); }
    static F load(const uint16_t* p) {
        return each([&](int i) { return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p + 4 * i), 16)); });
    }
    static F load(const int8_t* p) {
        int8x16_t bytes = vld1q_s8(p);
        int16x8_t low = vmovl_s8(vget_low_s8(bytes));
        int16x8_t high = vmovl_s8(vget_high_s8(bytes));
        return {{vcvtq_f32_s32(vmovl_s16(vget_low_s16(low))), vcvtq_f32_s32(vmovl_s16(vget_high_s16(low))),
                 vcvtq_f32_s32(vmovl_s16(vget_low_s16(high))), vcvtq_f32_s32(vmovl_s16(vget_high_s16(high)))}};
    }
    static F half(const uint16_t* p) {
        return each([&](int i) { return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p + 4 * i))); });
    }
    static F mul(const F& x, const F& y) { return each([&](int i) { return vmulq_f32(x.v[i], y.v[i]); }); }
    static F add(const F& x, const F& y) { return each([&](int i) { return vaddq_f32(x.v[i], y.v[i]); }); }
    static F fma(const F& x, const F& y, const F& z) {
        return each([&](int i) { return vfmaq_f32(z.v[i], x.v[i], y.v[i]); });
    }
    static F toFloat(const I& x) { return each([&](int i) { return vcvtq_f32_s32(x.v[i]); }); }
    static void store(float* p, const F& f) {
        UNROLL
        for (int i = 0; i < 4; i++) {
            vst1q_f32(p + 4 * i, f.v[i]);
        }
    }
    static void prefetch(const void* p) { __builtin_prefetch(static_cast<const char*>(p) + 2048); }
    static float sum(const F& f) {
        float32x4_t four = vaddq_f32(vaddq_f32(f.v[0], f.v[2]), vaddq_f32(f.v[1], f.v[3]));
        float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
        return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
    }

    static int8x16_t four(const int8_t* q) {
        int32_t columns;
        memcpy(&columns, q, sizeof columns);
        return vreinterpretq_s8_s32(vdupq_n_s32(columns));
    }

    template <int R, int BIAS>
    static void unit4(const uint8_t* w, const Cursor<R>& x, I (&acc)[R]) {
        UNROLL
        for (int r = 0; r < R; r++) {
            UNROLL
            for (int j = 0; j < 4; j++) {
                acc[r].v[j] = vdupq_n_s32(-BIAS * *x.sum[r]);
            }
        }
        UNROLL
        for (int i = 0; i < 4; i++) {
            prefetch(w + i * kVector);
            UNROLL
            for (int j = 0; j < 4; j++) {
                uint8x16_t pairs = vld1q_u8(w + i * kVector + 16 * j);
                int8x16_t lows = vreinterpretq_s8_u8(vandq_u8(pairs, vdupq_n_u8(15)));
                int8x16_t highs = vreinterpretq_s8_u8(vshrq_n_u8(pairs, 4));
                UNROLL
                for (int r = 0; r < R; r++) {
                    acc[r].v[j] = vdotq_s32(acc[r].v[j], lows, four(x.q[r] + 8 * i));
                    acc[r].v[j] = vdotq_s32(acc[r].v[j], highs, four(x.q[r] + 8 * i + 4));
                }
            }
        }
    }

    template <int R>
    static void unit8(const uint8_t* w, const Cursor<R>& x, I (&acc)[R]) {
        UNROLL
        for (int r = 0; r < R; r++) {
            UNROLL
            for (int j = 0; j < 4; j++) {
                acc[r].v[j] = vdupq_n_s32(0);
            }
        }
        UNROLL
        for (int i = 0; i < 8; i++) {
            prefetch(w + i * kVector);
            UNROLL
            for (int j = 0; j < 4; j++) {
                int8x16_t values = vreinterpretq_s8_u8(vld1q_u8(w + i * kVector + 16 * j));
                UNROLL
                for (int r = 0; r < R; r++) {
                    acc[r].v[j] = vdotq_s32(acc[r].v[j], values, four(x.q[r] + 4 * i));
                }
            }
        }
    }
};

bool isSupported() {
#if defined(__linux__)
    return (getauxval(AT_HWCAP) & 1UL << 20) != 0; // HWCAP_ASIMDDP
#else
    return true; // every Apple processor with this instruction set
#endif
}

} // namespace

extern const InstructionSet kNeon = {"neon-dotprod", isSupported, quantizeRow, packed<Neon>, prepareFloats, dense<Neon>, attend<Neon>, packNumbers, packGroups,
        packPanels, panels<Neon>, activate, normalize<Neon>, gate, addGated<Neon>};

} // namespace moshivis
