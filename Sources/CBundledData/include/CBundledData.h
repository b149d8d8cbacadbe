// Tables from Datasets/ and a network from Models/, compiled into the program so that it needs no file beside it.
#ifndef SUPERIONIC_CBUNDLEDDATA_H
#define SUPERIONIC_CBUNDLEDDATA_H

#include <stddef.h>

typedef struct {
  const unsigned char *_Nonnull bytes;
  size_t count;
} bundled_file;

// clang-format off
bundled_file bundled_elements(void);
bundled_file bundled_magpie_elements(void);
bundled_file bundled_oxidation_states(void);
bundled_file bundled_shannon_radii(void);
bundled_file bundled_element_resources(void);
bundled_file bundled_cohesive_energies(void);
bundled_file bundled_phases(void);
bundled_file bundled_element_hazards(void);
bundled_file bundled_smact_elements(void);
bundled_file bundled_gases(void);
bundled_file bundled_densities(void);
bundled_file bundled_public_datasets(void);
bundled_file bundled_conductivity_model(void);
bundled_file bundled_formation_energy_model(void);
bundled_file bundled_formation_energy_network(void);
bundled_file bundled_isotopes(void);
bundled_file bundled_abbreviations(void);
bundled_file bundled_matminer_elements(void);
bundled_file bundled_oliynyk_elements(void);
bundled_file bundled_miedema(void);
bundled_file bundled_landmark_electrolytes(void);
// clang-format on

#endif
