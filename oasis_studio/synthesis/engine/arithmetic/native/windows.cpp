// Numbers of 3×3 windows, from a table with open addressing that the caller owns.
#include "numbers.hpp"
#include "pool.hpp"

namespace oasis {
namespace {

const int64_t kBlock = 256;

struct Map {
    const int32_t* ids;  // (height + 2, width + 2)
    int64_t height, width;
    const uint64_t* multipliers;  // three across, three down
};

// As in windows.py, modulo 2^64.
OASIS_VARIANTS void hash_row(const Map& map, int64_t row, int64_t first, int64_t count, uint64_t* out) {
    const uint64_t a = map.multipliers[0], b = map.multipliers[1], c = map.multipliers[2];
    for (int64_t i = 0; i < count; ++i) out[i] = 0;
    for (int64_t down = 0; down < 3; ++down) {
        const uint64_t m = map.multipliers[3 + down];
        const int32_t* ids = map.ids + (row + down) * (map.width + 2) + first;
        OASIS_INDEPENDENT
        for (int64_t i = 0; i < count; ++i) {
            out[i] += m * (a * static_cast<uint64_t>(ids[i]) + b * static_cast<uint64_t>(ids[i + 1]) +
                           c * static_cast<uint64_t>(ids[i + 2]));
        }
    }
}

template <class Found>
inline void each_hash(const Map& map, int64_t first, int64_t end, const Found& found) {
    uint64_t hashes[kBlock];
    for (int64_t row = first; row < end; ++row) {
        for (int64_t column = 0; column < map.width; column += kBlock) {
            const int64_t count = std::min(kBlock, map.width - column);
            hash_row(map, row, column, count, hashes);
            for (int64_t i = 0; i < count; ++i) found(row, column + i, hashes[i]);
        }
    }
}

}  // namespace
}  // namespace oasis

// Write the number of every window, 0 where it is unknown; returns how many pixels have unknown ones.
OASIS_EXPORT int64_t oasis_look_up(const int32_t* ids, int64_t height, int64_t width, const uint64_t* multipliers,
                                   const int32_t* slots, int64_t mask, int64_t shift, const uint64_t* known,
                                   int32_t* numbers, int64_t threads) {
    const oasis::Map map{ids, height, width, multipliers};
    std::atomic<int64_t> missing{0};
    oasis::over_rows(threads, height, width * 32, [&](int64_t first, int64_t end) {
        int64_t unknown = 0;
        oasis::each_hash(map, first, end, [&](int64_t row, int64_t column, uint64_t hash) {
            int64_t slot = static_cast<int64_t>(hash >> shift);
            int32_t number;
            while ((number = slots[slot]) != 0 && known[number] != hash) slot = (slot + 1) & mask;
            numbers[row * width + column] = number;
            unknown += number == 0;
        });
        missing += unknown;
    });
    return missing;
}

// Give numbers from `count` on to the windows that look_up left at 0. Returns how many are new, or −1 if more than
// `most` are: then the slots hold some that are not to stay. `known` and `members` have room, slots stay sparse.
OASIS_EXPORT int64_t oasis_learn(const int32_t* ids, int64_t height, int64_t width, const uint64_t* multipliers,
                                 int32_t* slots, int64_t mask, int64_t shift, uint64_t* known, int32_t* members,
                                 int64_t count, int64_t most, int32_t* numbers) {
    const oasis::Map map{ids, height, width, multipliers};
    int64_t fresh = 0;
    bool is_full = false;
    oasis::each_hash(map, 0, height, [&](int64_t row, int64_t column, uint64_t hash) {
        int32_t& number = numbers[row * width + column];
        if (number != 0 || is_full) return;
        int64_t slot = static_cast<int64_t>(hash >> shift);
        while (slots[slot] != 0 && known[slots[slot]] != hash) slot = (slot + 1) & mask;
        if (slots[slot] == 0) {
            is_full = fresh == most;
            if (is_full) return;
            const int32_t next = static_cast<int32_t>(count + fresh++);
            slots[slot] = next;
            known[next] = hash;
            for (int64_t tap = 0; tap < 9; ++tap)
                members[next * 9 + tap] = ids[(row + tap / 3) * (width + 2) + column + tap % 3];
        }
        number = slots[slot];
    });
    return is_full ? -1 : fresh;
}
