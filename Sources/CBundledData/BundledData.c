#include "CBundledData.h"

// #embed (C23) reads the file when this is compiled; the build tracks it like a header.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define BUNDLE(name) \
  bundled_file bundled_##name(void) { return (bundled_file){name, sizeof name}; }

static const unsigned char elements[] = {
#embed "../../Datasets/elements.csv"
};
BUNDLE(elements)

static const unsigned char magpie_elements[] = {
#embed "../../Datasets/magpie-elements.csv"
};
BUNDLE(magpie_elements)

static const unsigned char oxidation_states[] = {
#embed "../../Datasets/oxidation-states.csv"
};
BUNDLE(oxidation_states)

static const unsigned char shannon_radii[] = {
#embed "../../Datasets/shannon-radii.csv"
};
BUNDLE(shannon_radii)

static const unsigned char element_resources[] = {
#embed "../../Datasets/element-resources.csv"
};
BUNDLE(element_resources)

static const unsigned char cohesive_energies[] = {
#embed "../../Datasets/cohesive-energies.csv"
};
BUNDLE(cohesive_energies)

static const unsigned char phases[] = {
#embed "../../Datasets/phases.csv"
};
BUNDLE(phases)

static const unsigned char element_hazards[] = {
#embed "../../Datasets/element-hazards.csv"
};
BUNDLE(element_hazards)

static const unsigned char smact_elements[] = {
#embed "../../Datasets/smact-elements.csv"
};
BUNDLE(smact_elements)
static const unsigned char gases[] = {
#embed "../../Datasets/gases.csv"
};
BUNDLE(gases)

static const unsigned char densities[] = {
#embed "../../Datasets/densities.csv"
};
BUNDLE(densities)

static const unsigned char public_datasets[] = {
#embed "../../Datasets/public-datasets.csv"
};
BUNDLE(public_datasets)

static const unsigned char conductivity_model[] = {
#embed "../../Models/conductivity.model"
};
BUNDLE(conductivity_model)

static const unsigned char formation_energy_model[] = {
#embed "../../Models/formation-energy.model"
};
BUNDLE(formation_energy_model)

static const unsigned char formation_energy_network[] = {
#embed "../../Models/formation-energy.safetensors"
};
BUNDLE(formation_energy_network)

static const unsigned char isotopes[] = {
#embed "../../Datasets/isotopes.csv"
};
BUNDLE(isotopes)

static const unsigned char abbreviations[] = {
#embed "../../Datasets/abbreviations.csv"
};
BUNDLE(abbreviations)

static const unsigned char matminer_elements[] = {
#embed "../../Datasets/matminer-elements.csv"
};
BUNDLE(matminer_elements)

static const unsigned char oliynyk_elements[] = {
#embed "../../Datasets/oliynyk-elements.csv"
};
BUNDLE(oliynyk_elements)

static const unsigned char miedema[] = {
#embed "../../Datasets/miedema.csv"
};
BUNDLE(miedema)

static const unsigned char landmark_electrolytes[] = {
#embed "../../Datasets/landmark-electrolytes.csv"
};
BUNDLE(landmark_electrolytes)
