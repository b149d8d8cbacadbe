#include "vector_math.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#if defined(__x86_64__) && defined(__ELF__)
#define VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTORISED
#endif

#define INLINE static inline __attribute__((always_inline))

// exp(x) = 2^k · exp(t), |t| ≤ ln 2 / 2, ln 2 in two parts (Cody and Waite 1980), exp(t) by its
// series to t^13: the remainder is below 2^-57. Measured error against glibc: below 2 ulp.
INLINE double exponential(double x) {
  const double shift = 0x1.8p52;
  double clamped = x < -708.0 ? -708.0 : (x > 709.0 ? 709.0 : x);
  double shifted = clamped * 0x1.71547652b82fep0 + shift;
  double k = shifted - shift;
  double t = (clamped - k * 0x1.62e42fefa3800p-1) - k * 0x1.ef35793c76730p-45;
  double p = 1.0 / 6227020800.0;
  p = p * t + 1.0 / 479001600.0;
  p = p * t + 1.0 / 39916800.0;
  p = p * t + 1.0 / 3628800.0;
  p = p * t + 1.0 / 362880.0;
  p = p * t + 1.0 / 40320.0;
  p = p * t + 1.0 / 5040.0;
  p = p * t + 1.0 / 720.0;
  p = p * t + 1.0 / 120.0;
  p = p * t + 1.0 / 24.0;
  p = p * t + 1.0 / 6.0;
  p = p * t + 0.5;
  p = p * t + 1.0;
  p = p * t + 1.0;
  uint64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 1023) << 52;
  double scale;
  memcpy(&scale, &bits, sizeof scale);
  return x < -708.0 ? 0.0 : p * scale;
}

INLINE float exponentialf(float x) {
  const float shift = 0x1.8p23f;
  float clamped = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
  float shifted = clamped * 0x1.715476p0f + shift;
  float k = shifted - shift;
  float t = (clamped - k * 0x1.62e400p-1f) - k * 0x1.7f7d1cp-20f;
  float p = 1.0f / 5040.0f;
  p = p * t + 1.0f / 720.0f;
  p = p * t + 1.0f / 120.0f;
  p = p * t + 1.0f / 24.0f;
  p = p * t + 1.0f / 6.0f;
  p = p * t + 0.5f;
  p = p * t + 1.0f;
  p = p * t + 1.0f;
  uint32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 127) << 23;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return x < -87.0f ? 0.0f : p * scale;
}

VECTORISED void superionic_exp(double *x, size_t count) {
  for (size_t j = 0; j < count; j++) x[j] = exponential(x[j]);
}

VECTORISED void superionic_expf(float *x, size_t count) {
  for (size_t j = 0; j < count; j++) x[j] = exponentialf(x[j]);
}

#define SQUARED(T, ZERO) \
  T squared = norm + norms[j] - (T)2 * dots[j]; \
  squared = squared > ZERO ? squared : ZERO;

VECTORISED void superionic_correlate(int profile, double *restrict dots, size_t count, double norm,
                                     const double *restrict norms, double variance) {
  switch (profile) {
  case SUPERIONIC_RBF:
    for (size_t j = 0; j < count; j++) {
      SQUARED(double, 0.0)
      dots[j] = variance * exponential(-0.5 * squared);
    }
    break;
  case SUPERIONIC_MATERN12:
    for (size_t j = 0; j < count; j++) {
      SQUARED(double, 0.0)
      dots[j] = variance * exponential(-__builtin_elementwise_sqrt(squared));
    }
    break;
  case SUPERIONIC_MATERN32:
    for (size_t j = 0; j < count; j++) {
      SQUARED(double, 0.0)
      double s = __builtin_elementwise_sqrt(3.0 * squared);
      dots[j] = variance * (1.0 + s) * exponential(-s);
    }
    break;
  default:
    for (size_t j = 0; j < count; j++) {
      SQUARED(double, 0.0)
      double s = __builtin_elementwise_sqrt(5.0 * squared);
      dots[j] = variance * (1.0 + s + s * s * (1.0 / 3.0)) * exponential(-s);
    }
  }
}

VECTORISED void superionic_correlatef(int profile, float *restrict dots, size_t count, float norm,
                                      const float *restrict norms, float variance) {
  switch (profile) {
  case SUPERIONIC_RBF:
    for (size_t j = 0; j < count; j++) {
      SQUARED(float, 0.0f)
      dots[j] = variance * exponentialf(-0.5f * squared);
    }
    break;
  case SUPERIONIC_MATERN12:
    for (size_t j = 0; j < count; j++) {
      SQUARED(float, 0.0f)
      dots[j] = variance * exponentialf(-__builtin_elementwise_sqrt(squared));
    }
    break;
  case SUPERIONIC_MATERN32:
    for (size_t j = 0; j < count; j++) {
      SQUARED(float, 0.0f)
      float s = __builtin_elementwise_sqrt(3.0f * squared);
      dots[j] = variance * (1.0f + s) * exponentialf(-s);
    }
    break;
  default:
    for (size_t j = 0; j < count; j++) {
      SQUARED(float, 0.0f)
      float s = __builtin_elementwise_sqrt(5.0f * squared);
      dots[j] = variance * (1.0f + s + s * s * (1.0f / 3.0f)) * exponentialf(-s);
    }
  }
}

VECTORISED void superionic_slopes(int profile, const double *restrict dots, double *restrict slopes,
                                  double *restrict squares, size_t count, double norm,
                                  const double *restrict norms, double variance) {
  switch (profile) {
  case SUPERIONIC_RBF:
    for (size_t j = 0; j < count; j++) {
      SQUARED(double, 0.0)
      squares[j] = squared;
      slopes[j] = variance * exponential(-0.5 * squared);
    }
    break;
  case SUPERIONIC_MATERN12:
    for (size_t j = 0; j < count; j++) {
      SQUARED(double, 0.0)
      squares[j] = squared;
      double r = __builtin_elementwise_sqrt(squared);
      double divisor = r > 1e-150 ? r : 1.0;
      double slope = variance * exponential(-r) / divisor;
      slopes[j] = r > 1e-150 ? slope : 0.0;
    }
    break;
  case SUPERIONIC_MATERN32:
    for (size_t j = 0; j < count; j++) {
      SQUARED(double, 0.0)
      squares[j] = squared;
      slopes[j] = variance * 3.0 * exponential(-__builtin_elementwise_sqrt(3.0 * squared));
    }
    break;
  default:
    for (size_t j = 0; j < count; j++) {
      SQUARED(double, 0.0)
      squares[j] = squared;
      double s = __builtin_elementwise_sqrt(5.0 * squared);
      slopes[j] = variance * (5.0 / 3.0) * (1.0 + s) * exponential(-s);
    }
  }
}

// Sums in a fixed number of lanes, so that the order of additions is that of the source.
VECTORISED double superionic_sum_of_squares(const double *x, size_t count) {
  double lanes[16] = {0};
  size_t j = 0;
  for (; j + 16 <= count; j += 16)
    for (size_t l = 0; l < 16; l++) lanes[l] += x[j + l] * x[j + l];
  double sum = 0;
  for (size_t l = 0; l < 16; l++) sum += lanes[l];
  for (; j < count; j++) sum += x[j] * x[j];
  return sum;
}

// Products of floats are exact in double precision, and so is their sum to about its roundoff.
VECTORISED double superionic_dotf(const float *x, const float *y, size_t count) {
  double lanes[16] = {0};
  size_t j = 0;
  for (; j + 16 <= count; j += 16)
    for (size_t l = 0; l < 16; l++) lanes[l] += (double)x[j + l] * (double)y[j + l];
  double sum = 0;
  for (size_t l = 0; l < 16; l++) sum += lanes[l];
  for (; j < count; j++) sum += (double)x[j] * (double)y[j];
  return sum;
}

VECTORISED void superionic_silu_of_sumf(const float *a, const float *b, float *y, float *restrict slopes,
                                        size_t count) {
#pragma clang loop vectorize(assume_safety)
  for (size_t j = 0; j < count; j++) {
    float x = a[j] + b[j];
    float s = 1.0f / (1.0f + exponentialf(-x));
    y[j] = x * s;
    slopes[j] = s * (1.0f + x * (1.0f - s));
  }
}

VECTORISED void superionic_siluf(const float *x, float *y, float *restrict slopes, size_t count) {
#pragma clang loop vectorize(assume_safety)
  for (size_t j = 0; j < count; j++) {
    float v = x[j];
    float s = 1.0f / (1.0f + exponentialf(-v));
    y[j] = v * s;
    slopes[j] = s * (1.0f + v * (1.0f - s));
  }
}

VECTORISED float superionic_distancef(const float *a, const float *b, size_t count) {
  float lanes[16] = {0};
  size_t j = 0;
  for (; j + 16 <= count; j += 16)
    for (size_t l = 0; l < 16; l++) lanes[l] += __builtin_fabsf(a[j + l] - b[j + l]);
  float sum = 0;
  for (size_t l = 0; l < 16; l++) sum += lanes[l];
  for (; j < count; j++) sum += __builtin_fabsf(a[j] - b[j]);
  return sum;
}

VECTORISED double superionic_dot(const double *x, const double *y, size_t count) {
  double lanes[16] = {0};
  size_t j = 0;
  for (; j + 16 <= count; j += 16)
    for (size_t l = 0; l < 16; l++) lanes[l] += x[j + l] * y[j + l];
  double sum = 0;
  for (size_t l = 0; l < 16; l++) sum += lanes[l];
  for (; j < count; j++) sum += x[j] * y[j];
  return sum;
}

// Four rows at once hide the latency of the additions; lanes are added in the order of the source.
VECTORISED void superionic_manhattan(const float *a, const float *b, size_t count, size_t width, double *out) {
  size_t j = 0;
  for (; j + 4 <= count; j += 4) {
    const float *row = b + j * width;
    float lanes[4][8] = {{0}};
    for (size_t k = 0; k < width; k += 8)
      for (size_t l = 0; l < 8; l++) {
        lanes[0][l] += fabsf(a[k + l] - row[k + l]);
        lanes[1][l] += fabsf(a[k + l] - row[width + k + l]);
        lanes[2][l] += fabsf(a[k + l] - row[2 * width + k + l]);
        lanes[3][l] += fabsf(a[k + l] - row[3 * width + k + l]);
      }
    for (size_t r = 0; r < 4; r++) {
      float sum = 0;
      for (size_t l = 0; l < 8; l++) sum += lanes[r][l];
      out[j + r] = sum;
    }
  }
  for (; j < count; j++) {
    const float *row = b + j * width;
    float lanes[8] = {0};
    for (size_t k = 0; k < width; k += 8)
      for (size_t l = 0; l < 8; l++) lanes[l] += fabsf(a[k + l] - row[k + l]);
    float sum = 0;
    for (size_t l = 0; l < 8; l++) sum += lanes[l];
    out[j] = sum;
  }
}

#if defined(__SSE2__)
// Sums of bytes have an instruction of their own, which compilers do not find.
VECTORISED void superionic_byte_distances(const uint8_t *rows, const uint8_t *q, size_t count, uint32_t *restrict out) {
  __m128i low = _mm_loadu_si128((const __m128i *)q), high = _mm_loadu_si128((const __m128i *)(q + 16));
  __m128i one = _mm_set1_epi8(1), zero = _mm_setzero_si128();
  for (size_t j = 0; j < count; j++) {
    const uint8_t *row = rows + 32 * j;
    __m128i a = _mm_loadu_si128((const __m128i *)row), b = _mm_loadu_si128((const __m128i *)(row + 16));
    a = _mm_sub_epi8(_mm_max_epu8(a, low), _mm_min_epu8(a, low));
    b = _mm_sub_epi8(_mm_max_epu8(b, high), _mm_min_epu8(b, high));
    a = _mm_sad_epu8(_mm_subs_epu8(a, one), zero);
    b = _mm_sad_epu8(_mm_subs_epu8(b, one), zero);
    a = _mm_add_epi64(a, b);
    out[j] = (uint32_t)(_mm_cvtsi128_si32(a) + _mm_extract_epi16(a, 4));
  }
}

VECTORISED void superionic_box_distances(const uint8_t *low, const uint8_t *high, const uint8_t *q, size_t count,
                                         uint32_t *restrict out) {
  __m128i one = _mm_set1_epi8(1), zero = _mm_setzero_si128();
  for (size_t j = 0; j < count; j++) {
    __m128i sum = zero;
    for (size_t k = 0; k < 32; k += 16) {
      __m128i l = _mm_loadu_si128((const __m128i *)(low + 32 * j + k));
      __m128i h = _mm_loadu_si128((const __m128i *)(high + 32 * j + k));
      __m128i v = _mm_loadu_si128((const __m128i *)(q + k));
      // One of the two differences is 0.
      __m128i d = _mm_or_si128(_mm_subs_epu8(l, v), _mm_subs_epu8(v, h));
      sum = _mm_add_epi64(sum, _mm_sad_epu8(_mm_subs_epu8(d, one), zero));
    }
    out[j] = (uint32_t)(_mm_cvtsi128_si32(sum) + _mm_extract_epi16(sum, 4));
  }
}
#else
void superionic_byte_distances(const uint8_t *rows, const uint8_t *q, size_t count, uint32_t *restrict out) {
  for (size_t j = 0; j < count; j++) {
    uint32_t sum = 0;
    for (size_t k = 0; k < 32; k++) {
      uint8_t a = rows[32 * j + k], b = q[k];
      uint8_t d = a > b ? a - b : b - a;
      sum += d > 1 ? d - 1 : 0;
    }
    out[j] = sum;
  }
}

void superionic_box_distances(const uint8_t *low, const uint8_t *high, const uint8_t *q, size_t count,
                              uint32_t *restrict out) {
  for (size_t j = 0; j < count; j++) {
    uint32_t sum = 0;
    for (size_t k = 0; k < 32; k++) {
      uint8_t l = low[32 * j + k], h = high[32 * j + k], v = q[k];
      uint8_t d = v < l ? l - v : v > h ? v - h : 0;
      sum += d > 1 ? d - 1 : 0;
    }
    out[j] = sum;
  }
}
#endif

VECTORISED void superionic_addf(float *restrict y, const float *restrict x, size_t count) {
  for (size_t j = 0; j < count; j++) y[j] += x[j];
}

VECTORISED void superionic_adamw(superionic_adamw_step s, float keep, const float *restrict g, float *restrict m,
                                 float *restrict v, float *restrict a, float *restrict w, size_t count) {
  for (size_t j = 0; j < count; j++) {
    float d = g[j] * s.scale;
    float first = m[j] + (1.0f - s.beta1) * (d - m[j]);
    float second = v[j] + (1.0f - s.beta2) * (d * d - v[j]);
    float root = __builtin_elementwise_sqrt(second * s.correct2);
    float next = keep * w[j] - s.rate * first * s.correct1 / (root + s.epsilon);
    m[j] = first;
    v[j] = second;
    w[j] = next;
    a[j] += (1.0f - s.memory) * (next - a[j]);
  }
}
