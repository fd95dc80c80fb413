// bfloat16 is the upper half of a float32; and how one binary serves every processor of its kind.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(_WIN32)
#define OASIS_EXPORT extern "C" __declspec(dllexport)
#else
#define OASIS_EXPORT extern "C" __attribute__((visibility("default")))
#endif

// The loader takes the variant that the processor can run. Elsewhere the compiler's basic instructions have to do.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__)
#define OASIS_VARIANTS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define OASIS_VARIANTS
#endif

// A variant holds its own copy of what it calls.
#if defined(_MSC_VER)
#define OASIS_INLINE __forceinline
#else
#define OASIS_INLINE inline __attribute__((always_inline))
#endif

#if defined(__clang__)
#define OASIS_INDEPENDENT _Pragma("clang loop vectorize(enable)")
#elif defined(__GNUC__)
#define OASIS_INDEPENDENT _Pragma("GCC ivdep")
#else
#define OASIS_INDEPENDENT __pragma(loop(ivdep))
#endif

namespace oasis {

struct bf16 {
    uint16_t bits;
};

OASIS_INLINE float widened(float value) { return value; }

OASIS_INLINE float widened(bf16 value) {
    const uint32_t bits = static_cast<uint32_t>(value.bits) << 16;
    float result;
    std::memcpy(&result, &bits, sizeof result);
    return result;
}

OASIS_INLINE void narrow(float value, float& out) { out = value; }

// To the nearest, ties to even; what is no number stays none.
OASIS_INLINE void narrow(float value, bf16& out) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    out.bits = static_cast<uint16_t>((bits & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : rounded);
}

}  // namespace oasis
