#include "tokens.h"
#include <algorithm>
#include "exponential.h"

namespace moshivis {
namespace {

constexpr float kNoLimit = 2; // whatever rounding does to sums

struct Ranked {
    float p;
    int32_t token;
};

bool isNan(float x) { return x != x; }

// A NaN comes first, as in LibTorch.
bool isAbove(const Ranked& a, const Ranked& b) { return (isNan(a.p) && !isNan(b.p)) || a.p > b.p; }

// The softmax of a row.
void weigh(const void* logits, int type, int64_t from, int64_t entries, float temperature, Ranked* all) {
    float largest = -3.4028235e38f;
    for (int64_t i = 0; i < entries; i++) {
        float scaled = read(logits, type, from + i) / temperature;
        largest = scaled > largest || isNan(scaled) ? scaled : largest;
        all[i] = {scaled, static_cast<int32_t>(i)};
    }
    double sum = 0;
    for (int64_t i = 0; i < entries; i++) {
        all[i].p = exponential(all[i].p - largest);
        sum += all[i].p;
    }
    float whole = static_cast<float>(sum);
    for (int64_t i = 0; i < entries; i++) {
        all[i].p /= whole;
    }
}

void rank(Ranked* all, int64_t entries, int64_t ranks) {
    if (ranks * 64 <= entries) {
        std::partial_sort(all, all + ranks, all + entries, isAbove);
    } else {
        std::nth_element(all, all + ranks - 1, all + entries, isAbove);
        std::sort(all, all + ranks - 1, isAbove);
    }
}

} // namespace

void add(const Sum& s) {
    if (s.type == kF32) {
        for (int64_t i = 0; i < s.count; i++) {
            static_cast<float*>(s.y)[i] += static_cast<const float*>(s.x)[i];
        }
    } else {
        uint16_t* y = static_cast<uint16_t*>(s.y);
        for (int64_t i = 0; i < s.count; i++) {
            y[i] = toBf16(fromBf16(y[i]) + fromBf16(static_cast<const uint16_t*>(s.x)[i]));
        }
    }
}

void subtractNearest(const Nearest& n) {
    for (int64_t row = 0; row < n.rows; row++) {
        const float* scores = n.scores + row * n.entries;
        int64_t best = 0;
        for (int64_t i = 1; i < n.entries && !isNan(scores[best]); i++) {
            best = scores[i] > scores[best] || isNan(scores[i]) ? i : best;
        }
        n.ids[row * n.stride] = best;
        for (int64_t i = 0; i < n.dim; i++) {
            n.rest[row * n.dim + i] -= n.table[best * n.dim + i];
        }
    }
}

void upsample(const Upsampling& u) {
    for (int64_t i = 0; i < u.steps * u.ratio; i++) {
        const float* before = u.x + i / u.ratio * u.channels;
        const float* present = before + u.channels;
        int64_t at = i % u.ratio * u.channels;
        for (int64_t c = 0; c < u.channels; c++) {
            u.y[i * u.channels + c] = present[c] * u.present[at + c] + before[c] * u.before[at + c];
        }
    }
}

void rectify(void* x, int type, int64_t count) {
    if (type == kF32) {
        for (int64_t i = 0; i < count; i++) {
            float& number = static_cast<float*>(x)[i];
            number = number < 0 ? 0 : number;
        }
    } else {
        for (int64_t i = 0; i < count; i++) {
            uint16_t& number = static_cast<uint16_t*>(x)[i];
            number = fromBf16(number) < 0 ? 0 : number;
        }
    }
}

size_t choiceBytes(int64_t entries) { return entries * sizeof(Ranked); }

void choose(const Choice& c) {
    Ranked* all = static_cast<Ranked*>(c.scratch);
    for (int64_t row = 0; row < c.rows; row++) {
        weigh(c.logits, c.type, row * c.entries, c.entries, c.temperatures[row], all);
        rank(all, c.entries, c.ranks);
        const float* noise = c.noise + row * c.ranks;
        float limit = c.masses == nullptr ? kNoLimit : c.masses[row];
        int64_t best = 0;
        float most = all[0].p / noise[0];
        double before = all[0].p;
        for (int64_t i = 1; i < c.ranks && before < limit && !isNan(most); before += all[i++].p) {
            float score = all[i].p / noise[i];
            if (score > most || isNan(score)) {
                most = score;
                best = i;
            }
        }
        c.tokens[row] = all[best].token;
    }
}

int64_t lookUp(const uint8_t* table, int64_t rowBytes, int64_t entries, const int64_t* ids, int64_t count, uint8_t* y) {
    for (int64_t i = 0; i < count; i++, y += rowBytes) {
        if (ids[i] >= entries) {
            return i;
        }
        if (ids[i] < 0) {
            memset(y, 0, rowBytes);
        } else {
            memcpy(y, table + ids[i] * rowBytes, rowBytes);
        }
    }
    return count;
}

} // namespace moshivis
