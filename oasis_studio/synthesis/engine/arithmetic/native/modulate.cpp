// leaky(x · A + B) in one sweep: double the size, gather A and B, multiply-add, activate; perhaps as bytes.
#include "numbers.hpp"
#include "pool.hpp"

namespace oasis {
namespace {

struct Sweep {
    const void* x;  // (h, w, C), rows x_stride apart
    int64_t x_stride, factor, first_row, first_column;
    const void* table;     // rows [A | B]
    const int32_t* index;  // one row of the table for every pixel; without, the table is a map itself
    int64_t index_stride, table_stride;
    void* out;  // (rows, columns, C), rows out_stride apart
    int64_t out_stride, rows, columns, channels;
    float leak;
    float steps, zero;  // bytes only: value · steps + zero is the level of a value
};

OASIS_INLINE void store(const Sweep&, float value, float& out) { narrow(value, out); }
OASIS_INLINE void store(const Sweep&, float value, bf16& out) { narrow(value, out); }

// To the nearest, halves up; what is no number becomes the highest level.
OASIS_INLINE void store(const Sweep& s, float value, uint8_t& out) {
    const float level = value * s.steps + s.zero + 0.5f;
    const float low = level < 255.0f ? level : 255.0f;
    out = static_cast<uint8_t>(static_cast<int32_t>(low > 0.0f ? low : 0.0f));
}

template <class T, class Out>
OASIS_INLINE void sweep(const Sweep& s, int64_t first, int64_t end) {
    const int64_t C = s.channels;
    const float leak = s.leak;
    for (int64_t r = first; r < end; ++r) {
        const T* x_row = static_cast<const T*>(s.x) + (r + s.first_row) / s.factor * s.x_stride;
        const int32_t* index = s.index ? s.index + r * s.index_stride : nullptr;
        const T* map_row = static_cast<const T*>(s.table) + (index ? 0 : r * s.table_stride);
        Out* out = static_cast<Out*>(s.out) + r * s.out_stride;
        for (int64_t c = 0; c < s.columns; ++c, out += C) {
            const T* x = x_row + (c + s.first_column) / s.factor * C;
            const T* a = map_row + (index ? static_cast<int64_t>(index[c]) : c) * 2 * C;
            const T* b = a + C;
            OASIS_INDEPENDENT
            for (int64_t i = 0; i < C; ++i) {
                const float value = widened(x[i]) * widened(a[i]) + widened(b[i]);
                store(s, value > 0 ? value : value * leak, out[i]);
            }
        }
    }
}

OASIS_VARIANTS void sweep_f32(const Sweep& s, int64_t first, int64_t end) { sweep<float, float>(s, first, end); }
OASIS_VARIANTS void sweep_bf16(const Sweep& s, int64_t first, int64_t end) { sweep<bf16, bf16>(s, first, end); }
OASIS_VARIANTS void levels_f32(const Sweep& s, int64_t first, int64_t end) { sweep<float, uint8_t>(s, first, end); }
OASIS_VARIANTS void levels_bf16(const Sweep& s, int64_t first, int64_t end) { sweep<bf16, uint8_t>(s, first, end); }

}  // namespace
}  // namespace oasis

OASIS_EXPORT void oasis_modulate(int64_t is_bf16, const void* x, int64_t x_stride, int64_t factor, int64_t first_row,
                                 int64_t first_column, const void* table, int64_t table_stride, const int32_t* index,
                                 int64_t index_stride, void* out, int64_t out_stride, int64_t rows, int64_t columns,
                                 int64_t channels, float leak, int64_t threads) {
    const oasis::Sweep s{x,            x_stride, factor,     first_row, first_column, table,    index, index_stride,
                         table_stride, out,      out_stride, rows,      columns,      channels, leak,  0,     0};
    oasis::over_rows(threads, rows, columns * channels * (is_bf16 ? 8 : 16), [&](int64_t first, int64_t end) {
        (is_bf16 ? oasis::sweep_bf16 : oasis::sweep_f32)(s, first, end);
    });
}

// The same as bytes: value · steps + zero to the nearest of 0 … 255.
OASIS_EXPORT void oasis_modulate_u8(int64_t is_bf16, const void* x, int64_t x_stride, int64_t factor, int64_t first_row,
                                    int64_t first_column, const void* table, int64_t table_stride, const int32_t* index,
                                    int64_t index_stride, uint8_t* out, int64_t out_stride, int64_t rows,
                                    int64_t columns, int64_t channels, float leak, float steps, float zero,
                                    int64_t threads) {
    const oasis::Sweep s{x,            x_stride, factor,     first_row, first_column, table,    index, index_stride,
                         table_stride, out,      out_stride, rows,      columns,      channels, leak,  steps, zero};
    oasis::over_rows(threads, rows, columns * channels * (is_bf16 ? 7 : 13), [&](int64_t first, int64_t end) {
        (is_bf16 ? oasis::levels_bf16 : oasis::levels_f32)(s, first, end);
    });
}
