// Sums of table rows: one row for each of the nine places of a window, and a bias.
#include "numbers.hpp"
#include "pool.hpp"

namespace oasis {
namespace {

const int64_t kBlock = 64;  // columns that stay in registers

struct Sums {
    const void* table;       // (n · taps, columns), rows table_stride apart
    const int32_t* windows;  // (rows, taps): place t of a window w has the table's row w · taps + t; without, row itself
    int64_t taps, table_stride;
    const float* bias;
    void* out;
    int64_t out_stride, columns;
    bool is_activated;  // negative sums become zero
};

template <class In, class Out>
OASIS_INLINE void block(const Sums& s, const In* const* rows, int64_t taps, int64_t first, int64_t count, Out* out) {
    float sum[kBlock];
    OASIS_INDEPENDENT
    for (int64_t i = 0; i < count; ++i) sum[i] = s.bias[first + i];
    for (int64_t t = 0; t < taps; ++t) {
        const In* row = rows[t] + first;
        OASIS_INDEPENDENT
        for (int64_t i = 0; i < count; ++i) sum[i] += widened(row[i]);
    }
    OASIS_INDEPENDENT
    for (int64_t i = 0; i < count; ++i) narrow(s.is_activated && sum[i] < 0 ? 0.0f : sum[i], out[i]);
}

template <class In, class Out>
OASIS_INLINE void sums(const Sums& s, int64_t first, int64_t end) {
    const In* rows[16];
    for (int64_t n = first; n < end; ++n) {
        for (int64_t t = 0; t < s.taps; ++t) {
            const int64_t row = s.windows ? static_cast<int64_t>(s.windows[n * s.taps + t]) * s.taps + t : n;
            rows[t] = static_cast<const In*>(s.table) + row * s.table_stride;
        }
        Out* out = static_cast<Out*>(s.out) + n * s.out_stride;
        int64_t c = 0;
        for (; c + kBlock <= s.columns; c += kBlock) block(s, rows, s.taps, c, kBlock, out + c);
        if (c < s.columns) block(s, rows, s.taps, c, s.columns - c, out + c);
    }
}

OASIS_VARIANTS void sums_f32(const Sums& s, int64_t a, int64_t b) { sums<float, float>(s, a, b); }
OASIS_VARIANTS void sums_mixed(const Sums& s, int64_t a, int64_t b) { sums<float, bf16>(s, a, b); }
OASIS_VARIANTS void sums_bf16(const Sums& s, int64_t a, int64_t b) { sums<bf16, bf16>(s, a, b); }

}  // namespace
}  // namespace oasis

// At most 16 taps.
OASIS_EXPORT void oasis_sum_rows(int64_t reads_bf16, int64_t writes_bf16, const void* table, int64_t table_stride,
                                 const int32_t* windows, int64_t taps, const float* bias, int64_t is_activated,
                                 void* out, int64_t out_stride, int64_t rows, int64_t columns, int64_t threads) {
    const oasis::Sums s{table, windows, taps, table_stride, bias, out, out_stride, columns, is_activated != 0};
    oasis::over_rows(threads, rows, columns * (taps + 1) * 2, [&](int64_t first, int64_t end) {
        (reads_bf16 ? oasis::sums_bf16 : writes_bf16 ? oasis::sums_mixed : oasis::sums_f32)(s, first, end);
    });
}
