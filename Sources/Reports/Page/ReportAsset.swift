import CReportAssets

/// The files of `Sources/CReportAssets/Page`, compiled into the program.
enum ReportAsset {
  case page, section, style, script

  var text: String {
    let file =
      switch self {
      case .page: report_asset_page()
      case .section: report_asset_section()
      case .style: report_asset_style()
      case .script: report_asset_script()
      }
    return String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
  }
}
