// Loops over contiguous numbers that the compiler turns into vector instructions of the machine it
// runs on: each function is compiled for several instruction sets and chosen at load time.
#ifndef SUPERIONIC_VECTOR_MATH_H
#define SUPERIONIC_VECTOR_MATH_H

#include <stddef.h>
#include <stdint.h>

// The correlation functions of the scaled distance r; s = 1 below is exact at r = 0.
enum {
  SUPERIONIC_RBF = 0,                // exp(-r²/2)
  SUPERIONIC_MATERN12 = 1,           // exp(-r)
  SUPERIONIC_MATERN32 = 2,           // (1 + √3 r) exp(-√3 r)
  SUPERIONIC_MATERN52 = 3,           // (1 + √5 r + 5r²/3) exp(-√5 r)
};

// x[j] = exp(x[j]) for every j; arguments below -708 (-87 for floats) give 0.
void superionic_exp(double *x, size_t count);
void superionic_expf(float *x, size_t count);

// dots[j] = variance · f(r), r² = max(0, norm + norms[j] − 2 dots[j]).
void superionic_correlate(int profile, double *dots, size_t count, double norm,
                          const double *norms, double variance);
void superionic_correlatef(int profile, float *dots, size_t count, float norm, const float *norms,
                           float variance);

// As superionic_correlate for the covariance, and slopes[j] = variance · (−2 ∂f/∂r²), squares[j] = r².
// At r = 0 the slope of Matérn 1/2 is infinite; there it is 0, as it only ever multiplies r².
void superionic_slopes(int profile, const double *dots, double *slopes, double *squares,
                       size_t count, double norm, const double *norms, double variance);

// out[j] = Σ |a[k] − b[j·width + k]| over k < width, for count rows; width a multiple of 8.
void superionic_manhattan(const float *a, const float *b, size_t count, size_t width, double *out);

// Σ x[j]².
double superionic_sum_of_squares(const double *x, size_t count);

// Σ x[j]·y[j], accumulated in double precision.
double superionic_dot(const double *x, const double *y, size_t count);
double superionic_dotf(const float *x, const float *y, size_t count);

// y[j] = s·σ(s) with s = a[j] + b[j], and slopes[j] its derivative there; y may be a or b.
void superionic_silu_of_sumf(const float *a, const float *b, float *y, float *slopes, size_t count);

// y[j] = x[j]·σ(x[j]), and slopes[j] its derivative there; y may be x.
void superionic_siluf(const float *x, float *y, float *slopes, size_t count);

// out[j] = Σ max(0, |rows[32·j + k] − q[k]| − 1) over k < 32, for count rows: never above the distance in steps of what
// was rounded to whole steps.
void superionic_byte_distances(const uint8_t *rows, const uint8_t *q, size_t count, uint32_t *out);

// The same of boxes: out[j] = Σ max(0, |distance of q[k] from low[32·j + k]...high[32·j + k]| − 1), 32 bytes each.
void superionic_box_distances(const uint8_t *low, const uint8_t *high, const uint8_t *q, size_t count, uint32_t *out);

// y[j] += x[j].
void superionic_addf(float *y, const float *x, size_t count);

// One step of AdamW for numbers with gradient g: moments m and v, the average a of the weights w.
typedef struct {
  float scale;  // of the gradient
  float beta1, beta2, epsilon, rate;
  float correct1, correct2;  // of the moments' bias
  float memory;  // of the average
} superionic_adamw_step;
void superionic_adamw(superionic_adamw_step s, float keep, const float *g, float *m, float *v, float *a, float *w,
                      size_t count);

// Σ |a[j] − b[j]|.
float superionic_distancef(const float *a, const float *b, size_t count);

#endif
