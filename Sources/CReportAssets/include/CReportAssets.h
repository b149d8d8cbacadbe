// Templates, style and script of the HTML report, compiled into the program.
#ifndef SUPERIONIC_CREPORTASSETS_H
#define SUPERIONIC_CREPORTASSETS_H

#include <stddef.h>

typedef struct {
  const unsigned char *_Nonnull bytes;
  size_t count;
} report_asset;

report_asset report_asset_page(void);
report_asset report_asset_section(void);
report_asset report_asset_style(void);
report_asset report_asset_script(void);

#endif
