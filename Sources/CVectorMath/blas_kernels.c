#define _GNU_SOURCE
#include "blas_kernels.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__ELF__)

// Of a library with kernels for several processors; absent from others.
extern char *openblas_get_corename(void) __attribute__((weak));
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

static const char *const old_kernels[] = {
    "Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Atom", "Sandybridge", "Generic",
};

static int is_old(const char *name) {
  for (size_t i = 0; i < sizeof old_kernels / sizeof *old_kernels; i++)
    if (strcmp(name, old_kernels[i]) == 0) return 1;
  return 0;
}

void superionic_choose_blas_kernels(void) {
  static const char variable[] = "OPENBLAS_CORETYPE";
  if (!openblas_get_corename || !gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  if (getenv(variable) || !is_old(openblas_get_corename())) return;
  __builtin_cpu_init();
  const char *wanted = 0;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd"))
    wanted = "SkylakeX";
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    wanted = "Haswell";
  if (!wanted) return;
  setenv(variable, wanted, 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv(variable);
}

#else

void superionic_choose_blas_kernels(void) {}

#endif
