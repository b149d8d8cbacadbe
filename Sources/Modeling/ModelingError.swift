import Descriptors
import FileIO
import ModelFiles
import Regression

/// Why a model could not be trained, read, written or used.
public enum ModelingError: Error, Sendable, CustomStringConvertible {
  case descriptors(DescriptorError)
  case fit(FitError)
  case folds(FoldError)
  case prediction(PredictionError)
  case unreadable(FileError)
  case file(String, reason: String)

  public var description: String {
    switch self {
    case .descriptors(let error): "\(error)"
    case .fit(let error): "\(error)"
    case .folds(let error): "\(error)"
    case .prediction(let error): "\(error)"
    case .unreadable(let error): "\(error)"
    case .file(let path, let reason): "\(path): \(reason)"
    }
  }
}

/// The version of this program, recorded in every model and result file.
public enum SuperionicVersion {
  public static let current = "0.1.0"
}
