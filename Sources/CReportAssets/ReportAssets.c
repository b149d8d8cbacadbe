#include "CReportAssets.h"

// #embed (C23) reads the file when this is compiled; the build tracks it like a header.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define ASSET(name) \
  report_asset report_asset_##name(void) { return (report_asset){name, sizeof name}; }

static const unsigned char page[] = {
#embed "Page/page.mustache"
};
ASSET(page)

static const unsigned char section[] = {
#embed "Page/section.mustache"
};
ASSET(section)

static const unsigned char style[] = {
#embed "Page/report.css"
};
ASSET(style)

static const unsigned char script[] = {
#embed "Page/report.js"
};
ASSET(script)
