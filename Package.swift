// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Superionic",
  products: [
    .library(name: "Chemistry", targets: ["Chemistry"]),
    .library(name: "LinearAlgebra", targets: ["LinearAlgebra"]),
    .library(name: "Regression", targets: ["Regression"]),
    .library(name: "Stability", targets: ["Stability"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    // Numerics: BLAS and LAPACK, and what stands directly on them.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "LinearAlgebra", dependencies: ["COpenBLAS"]),

    // Facts compiled into the program.
    .target(name: "CBundledData"),
    .target(name: "BundledData", dependencies: ["CBundledData"]),

    // Files: tables of measurements, model files.
    .target(name: "FileIO", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "Tables", dependencies: ["FileIO"]),
    .target(name: "ModelFiles", dependencies: ["FileIO"]),

    // Models.
    .target(name: "Regression", dependencies: ["LinearAlgebra", "ModelFiles"]),

    .target(name: "GaussianProcesses", dependencies: ["LinearAlgebra", "ModelFiles", "Regression"]),

    // Materials.
    .target(name: "Chemistry", dependencies: ["BundledData"]),
    .target(name: "Descriptors", dependencies: ["Chemistry", "LinearAlgebra", "BundledData"]),

    .target(name: "Stability", dependencies: ["Chemistry", "LinearAlgebra"]),

    // Jobs.
    .target(
      name: "Modeling",
      dependencies: [
        "Chemistry", "Descriptors", "FileIO", "GaussianProcesses", "LinearAlgebra", "ModelFiles", "Regression",
        "Tables",
      ]),
    .target(name: "ActiveLearning", dependencies: ["Regression"]),
    .target(
      name: "Screening",
      dependencies: ["ActiveLearning", "BundledData", "Chemistry", "Modeling", "Stability", "Tables"]),
    .target(name: "Reports", dependencies: ["Modeling", "Regression", "Screening", "Tables"]),
    .executableTarget(
      name: "superionic",
      dependencies: [
        "ActiveLearning", "Chemistry", "Descriptors", "FileIO", "LinearAlgebra", "Modeling", "Regression",
        "Reports", "Screening", "Stability", "Tables",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests: the same names, and what they share.
    .target(
      name: "TestSupport", dependencies: ["LinearAlgebra", "ModelFiles", "Regression"],
      path: "Tests/TestSupport"),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "TestSupport"]),
    .testTarget(name: "FileIOTests", dependencies: ["FileIO", "TestSupport"]),
    .testTarget(name: "TablesTests", dependencies: ["Tables"]),
    .testTarget(name: "ModelFilesTests", dependencies: ["ModelFiles"]),
    .testTarget(name: "ActiveLearningTests", dependencies: ["ActiveLearning", "LinearAlgebra", "TestSupport"]),
    .testTarget(
      name: "ModelingTests",
      dependencies: [
        "Chemistry", "FileIO", "LinearAlgebra", "Modeling", "Regression", "Tables", "TestSupport",
      ]),
    .testTarget(
      name: "ScreeningTests",
      dependencies: ["Chemistry", "LinearAlgebra", "Regression", "Screening", "TestSupport"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports"]),
    .testTarget(name: "superionicTests", dependencies: ["superionic", "FileIO", "Tables", "TestSupport"]),
    .testTarget(
      name: "RegressionTests",
      dependencies: ["LinearAlgebra", "ModelFiles", "Regression", "TestSupport"],
      exclude: ["GoldenValues.md"]),
    .testTarget(
      name: "StabilityTests",
      dependencies: ["Chemistry", "LinearAlgebra", "Stability", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
