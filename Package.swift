// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Superionic",
  products: [
    .executable(name: "superionic", targets: ["superionic"]),
    .library(name: "ActiveLearning", targets: ["ActiveLearning"]),
    .library(name: "Chemistry", targets: ["Chemistry"]),
    .library(name: "CompositionNetworks", targets: ["CompositionNetworks"]),
    .library(name: "Descriptors", targets: ["Descriptors"]),
    .library(name: "GaussianProcesses", targets: ["GaussianProcesses"]),
    .library(name: "LinearAlgebra", targets: ["LinearAlgebra"]),
    .library(name: "Modeling", targets: ["Modeling"]),
    .library(name: "Regression", targets: ["Regression"]),
    .library(name: "Screening", targets: ["Screening"]),
    .library(name: "Stability", targets: ["Stability"]),
    .library(name: "Tables", targets: ["Tables"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // Numerics: BLAS and LAPACK, and what stands directly on them.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CVectorMath"),
    .target(name: "LinearAlgebra", dependencies: ["COpenBLAS", "CVectorMath"]),

    // Facts compiled into the program.
    .target(name: "CBundledData"),
    .target(name: "BundledData", dependencies: ["CBundledData"]),
    .target(name: "CReportAssets", exclude: ["Page"]),

    // Files: tables of measurements, model files.
    .target(name: "FileIO", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "Tables", dependencies: ["FileIO"]),
    .target(name: "ModelFiles", dependencies: ["FileIO"]),
    .target(name: "DatasetRegistry", dependencies: ["BundledData", "FileIO", "Tables"]),

    // Models.
    .target(name: "Regression", dependencies: ["LinearAlgebra", "ModelFiles"]),
    .target(name: "GaussianProcesses",
      dependencies: ["COpenBLAS", "CVectorMath", "LinearAlgebra", "ModelFiles", "Regression"]),

    // Materials.
    .target(name: "Chemistry", dependencies: ["BundledData"]),
    .target(
      name: "Descriptors", dependencies: ["BundledData", "CVectorMath", "Chemistry", "LinearAlgebra", "Tables"]),
    .target(
      name: "Stability", dependencies: ["BundledData", "Chemistry", "LinearAlgebra", "ModelFiles", "Tables"]),

    .target(
      name: "CompositionNetworks",
      dependencies: [
        "BundledData", "CVectorMath", "Chemistry", "Descriptors", "FileIO", "LinearAlgebra", "ModelFiles", "Regression",
        "Stability",
      ]),

    // Jobs.
    .target(
      name: "Modeling",
      dependencies: [
        "BundledData", "Chemistry", "CompositionNetworks", "Descriptors", "FileIO", "GaussianProcesses", "LinearAlgebra", "ModelFiles",
        "Regression", "Stability", "Tables",
      ]),
    .target(name: "ActiveLearning", dependencies: ["LinearAlgebra", "Regression"]),
    .target(
      name: "CampaignStore", dependencies: ["FileIO", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(
      name: "Campaigns",
      dependencies: [
        "ActiveLearning", "BundledData", "CVectorMath", "CampaignStore", "Chemistry", "CompositionNetworks", "Descriptors", "FileIO",
        "GaussianProcesses", "LinearAlgebra", "ModelFiles", "Modeling", "Regression", "Screening", "Stability", "Tables",
      ]),
    .target(
      name: "CandidateSpaces",
      dependencies: [
        "BundledData", "Chemistry", "FileIO", "LinearAlgebra", "Tables",
        .product(name: "TOMLKit", package: "TOMLKit"),
      ]),
    .target(
      name: "Screening",
      dependencies: [
        "ActiveLearning", "BundledData", "CandidateSpaces", "Chemistry", "FileIO", "LinearAlgebra",
        "ModelFiles", "Modeling", "Regression", "Stability", "Tables",
      ]),
    .target(
      name: "Reports",
      dependencies: [
        "ActiveLearning", "Campaigns", "CampaignStore", "Chemistry", "CReportAssets", "FileIO", "LinearAlgebra",
        "Modeling", "Regression", "Screening", "Stability", "Tables",
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .target(
      name: "CampaignServer",
      dependencies: [
        "Campaigns", "CampaignStore", "FileIO", "Modeling", "Reports", "Tables",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .executableTarget(
      name: "superionic",
      dependencies: [
        "CampaignServer", "Campaigns", "CampaignStore", "CandidateSpaces", "Chemistry", "CompositionNetworks",
        "DatasetRegistry", "Descriptors", "FileIO",
        "GaussianProcesses", "LinearAlgebra", "Modeling", "Regression", "Reports", "Screening", "Stability",
        "Tables",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests: the same names, and what they share.
    .target(
      name: "TestSupport", dependencies: ["LinearAlgebra", "ModelFiles", "Regression"],
      path: "Tests/TestSupport"),
    .testTarget(
      name: "ActiveLearningTests", dependencies: ["ActiveLearning", "LinearAlgebra", "Regression", "TestSupport"]),
    .testTarget(
      name: "CampaignServerTests",
      dependencies: ["CampaignServer", "CampaignStore", "Campaigns", "LinearAlgebra", "Tables", "TestSupport"]),
    .testTarget(name: "CampaignStoreTests",
      dependencies: ["CampaignStore", "FileIO", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(
      name: "CampaignsTests",
      dependencies: [
        "CampaignStore", "Campaigns", "Chemistry", "Descriptors", "LinearAlgebra", "Regression", "Tables", "TestSupport",
      ]),
    .testTarget(
      name: "CandidateSpacesTests",
      dependencies: ["CandidateSpaces", "Chemistry", "LinearAlgebra", "TestSupport"], exclude: ["Golden"]),
    .testTarget(
      name: "ChemistryTests", dependencies: ["Chemistry", "LinearAlgebra", "Tables", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "CompositionNetworksTests",
      dependencies: [
        "Chemistry", "CompositionNetworks", "Descriptors", "FileIO", "LinearAlgebra", "ModelFiles", "Regression",
        "TestSupport",
      ]),
    .testTarget(name: "DatasetRegistryTests", dependencies: ["DatasetRegistry", "FileIO", "TestSupport"]),
    .testTarget(
      name: "DescriptorsTests",
      dependencies: ["BundledData", "Chemistry", "Descriptors", "FileIO", "LinearAlgebra", "Tables", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(name: "FileIOTests", dependencies: ["FileIO", "TestSupport"]),
    .testTarget(
      name: "GaussianProcessesTests",
      dependencies: [
        "Chemistry", "Descriptors", "GaussianProcesses", "LinearAlgebra", "Regression", "Tables", "TestSupport",
      ],
      exclude: ["Golden"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "TestSupport"]),
    .testTarget(name: "ModelFilesTests", dependencies: ["ModelFiles"]),
    .testTarget(
      name: "ModelingTests",
      dependencies: [
        "Chemistry", "FileIO", "LinearAlgebra", "Modeling", "Regression", "Tables", "TestSupport",
      ]),
    .testTarget(
      name: "RegressionTests",
      dependencies: ["LinearAlgebra", "ModelFiles", "Regression", "TestSupport"],
      exclude: ["Golden", "GoldenValues.md"]),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "ActiveLearning", "Campaigns", "Chemistry", "FileIO", "LinearAlgebra", "Modeling", "Regression", "Reports",
        "Screening", "Stability", "Tables", "TestSupport",
      ]),
    .testTarget(
      name: "ScreeningTests",
      dependencies: [
        "CandidateSpaces", "Chemistry", "LinearAlgebra", "Modeling", "Regression", "Screening", "Tables",
        "TestSupport",
      ]),
    .testTarget(
      name: "StabilityTests",
      dependencies: ["BundledData", "Chemistry", "LinearAlgebra", "Stability", "Tables", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "superionicTests",
      dependencies: ["CampaignStore", "LinearAlgebra", "superionic", "FileIO", "Tables", "TestSupport"]),
    .testTarget(name: "TablesTests", dependencies: ["Tables"]),
  ],
  swiftLanguageModes: [.v6]
)
