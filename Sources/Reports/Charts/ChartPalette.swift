/// Colours that readers with any colour vision can tell apart, on light and on dark pages.
///
/// The series colours are the eight of M. Okabe and K. Ito, "Color Universal Design" (2008), without
/// yellow, which vanishes on white, those with more contrast to the page first; black follows the page. Texts and lines take their colours from
/// CSS variables, so one file suits both kinds of page.
public enum ChartPalette {
  /// Series 0, 1, 2, …; the first is blue. Repeats after seven.
  public static func color(_ series: Int) -> String {
    let k = series % hues.count
    return hues[k < 0 ? k + hues.count : k]
  }

  private static let hues = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "var(--ink)"]

  /// Light and dark values of the variables that charts use.
  static func style(_ theme: ChartTheme) -> String {
    let light = "--page:#ffffff;--ink:#1a1a1a;--faint:#6b6b6b;--grid:#e3e3e3"
    let dark = "--page:#16181c;--ink:#ececec;--faint:#a6a6a6;--grid:#33373d"
    let base = "text{font-family:system-ui,'Helvetica Neue',Arial,sans-serif;fill:var(--ink)}"
      + ".faint{fill:var(--faint)}.on-mark{fill:#ffffff}"
    switch theme {
    case .light: return "svg{\(light)}\(base)"
    case .dark: return "svg{\(dark)}\(base)"
    case .page: return ""
    case .automatic: return "svg{\(light)}@media(prefers-color-scheme:dark){svg{\(dark)}}\(base)"
    }
  }
}

/// The page a chart is drawn for.
public enum ChartTheme: String, Sendable, CaseIterable {
  /// Follows the reader's setting.
  case automatic
  case light
  case dark
  /// Part of a page whose style sheet has the variables: no style of its own.
  case page
}
