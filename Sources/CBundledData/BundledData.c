#include "CBundledData.h"

// #embed (C23) reads the file when this is compiled; the build tracks it like a header.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define BUNDLE(name) \
  bundled_file bundled_##name(void) { return (bundled_file){name, sizeof name}; }

static const unsigned char elements[] = {
#embed "../../Datasets/elements.csv"
};
BUNDLE(elements)
