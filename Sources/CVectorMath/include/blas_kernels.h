// Choosing the kernels of OpenBLAS by what the processor can do.
#ifndef SUPERIONIC_BLAS_KERNELS_H
#define SUPERIONIC_BLAS_KERNELS_H

// OpenBLAS chooses its kernels by the model number of the processor when it is loaded; on a model
// that is newer than the library it falls back to those of 2004, five times slower. If it did, and
// the processor has AVX-512 or AVX2, this chooses the kernels for them. Before the first call of
// BLAS; does nothing where OPENBLAS_CORETYPE is set or the library has one set of kernels only.
void superionic_choose_blas_kernels(void);

#endif
