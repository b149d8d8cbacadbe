import Campaigns
import Foundation

/// The JSON interface as OpenAPI 3.1 describes it.
enum OpenAPIDescription {
  /// Methods that a path answers to; empty for none.
  static func methods(of path: String) -> [String] { allowed[path] ?? [] }

  private static let allowed: [String: [String]] = [
    "/": ["GET"], "/style.css": ["GET"], "/openapi.json": ["GET"], "/login": ["GET", "POST"], "/scores": ["GET"],
    "/history": ["GET"], "/suggestions": ["POST"], "/observations": ["POST"], "/decisions": ["POST"],
    "/api/status": ["GET"], "/api/history": ["GET"], "/api/scores": ["GET"], "/api/suggestions": ["GET", "POST"],
    "/api/observations": ["POST"], "/api/decisions": ["POST"],
  ]

  static let json = #"""
    {
      "openapi": "3.1.0",
      "info": {
        "title": "Superionic campaign",
        "version": "1",
        "description": "Ask a campaign what to make next, tell it what came out. Times and hashes of the history are those of the store. Values are in the units that the campaign records; means and deviations in the units that it models (log10 where it says so). In requests null is the same as leaving a field out.",
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
      },
      "servers": [{ "url": "/" }],
      "security": [{ "token": [] }, {}],
      "paths": {
        "/api/status": {
          "get": {
            "operationId": "status", "summary": "Where the campaign stands, and whether to go on",
            "responses": {
              "200": { "description": "The status", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Status" } } } },
              "default": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/history": {
          "get": {
            "operationId": "history", "summary": "All events, oldest first",
            "responses": {
              "200": { "description": "The events", "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Event" } } } } },
              "default": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/scores": {
          "get": {
            "operationId": "scores", "summary": "What the models think of the candidates now, best first",
            "parameters": [
              { "name": "search", "in": "query", "description": "Text in the name, formula or family", "schema": { "type": "string" } },
              { "name": "start", "in": "query", "description": "Rows to leave out at the beginning", "schema": { "type": "integer", "minimum": 0, "maximum": 2147483647, "default": 0 } },
              { "name": "limit", "in": "query", "description": "Rows at most", "schema": { "type": "integer", "minimum": 1, "maximum": 1000, "default": 50 } }
            ],
            "responses": {
              "200": { "description": "The scores", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Scores" } } } },
              "default": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/suggestions": {
          "get": {
            "operationId": "pending", "summary": "Suggestions whose result is awaited",
            "responses": {
              "200": { "description": "Oldest first", "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Suggestion" } } } } },
              "default": { "$ref": "#/components/responses/Problem" }
            }
          },
          "post": {
            "operationId": "suggest", "summary": "Choose what to make next, and record it",
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/SuggestionRequest" } } } },
            "responses": {
              "201": { "description": "The batch", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Batch" } } } },
              "default": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/observations": {
          "post": {
            "operationId": "observe", "summary": "Tell what came out",
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ObservationRequest" } } } },
            "responses": {
              "201": { "description": "What was recorded, and what was not", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ObservationAnswer" } } } },
              "422": { "description": "Nothing was recorded", "content": { "application/json": { "schema": { "anyOf": [{ "$ref": "#/components/schemas/ObservationAnswer" }, { "$ref": "#/components/schemas/Problem" }] } } } },
              "default": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/decisions": {
          "post": {
            "operationId": "decide", "summary": "Say what becomes of a candidate",
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/DecisionRequest" } } } },
            "responses": {
              "201": { "description": "The event", "content": { "application/json": { "schema": { "type": "object", "required": ["event"], "properties": { "event": { "type": "integer" } } } } } },
              "default": { "$ref": "#/components/responses/Problem" }
            }
          }
        }
      },
      "components": {
        "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "Needed when the server was started with a token" } },
        "responses": { "Problem": { "description": "Nothing was done", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } } } },
        "schemas": {
          "Problem": {
            "type": "object", "required": ["error", "remedy", "reports"],
            "properties": { "error": { "type": "string" }, "remedy": { "type": "string" }, "reports": { "type": "array", "items": { "type": "string" } } }
          },
          "Status": {
            "type": "object", "required": ["events", "candidates", "measured", "observations", "pending", "closed", "open", "best", "hash"],
            "properties": {
              "events": { "type": "integer" }, "candidates": { "type": "integer" }, "measured": { "type": "integer" }, "observations": { "type": "integer" },
              "pending": { "type": "array", "items": { "type": "string" } }, "closed": { "type": "integer" }, "open": { "type": "integer" },
              "best": { "type": "array", "items": { "type": "object", "required": ["property", "candidate", "reported", "observation"], "properties": { "property": { "type": "string" }, "candidate": { "type": "string" }, "reported": { "type": "string" }, "observation": { "type": "integer" } } } },
              "advice": { "$ref": "#/components/schemas/Advice" }, "hash": { "type": "string" }
            }
          },
          "Advice": {
            "type": "object", "required": ["remainingGain", "gainCurve", "doneProbability", "tolerance", "worthwhile", "costPerExperiment"],
            "properties": { "remainingGain": { "type": "number" }, "gainCurve": { "type": "array", "items": { "type": "number" } }, "doneProbability": { "type": "number" }, "tolerance": { "type": "number" }, "worthwhile": { "type": "integer" }, "costPerExperiment": { "type": "number" } }
          },
          "Event": {
            "type": "object", "required": ["event", "time", "who", "kind", "what", "hash"],
            "properties": { "event": { "type": "integer" }, "time": { "type": "string" }, "who": { "type": "string" }, "kind": { "type": "string" }, "what": { "type": "array", "items": { "type": "string" } }, "hash": { "type": "string" } }
          },
          "Scores": {
            "type": "object", "required": ["event", "objectives", "hypervolume", "count", "rows"],
            "properties": {
              "event": { "type": "integer" }, "objectives": { "type": "array", "items": { "type": "string" } }, "hypervolume": { "type": "number" },
              "count": { "type": "integer", "description": "Candidates that match" },
              "rows": { "type": "array", "items": { "$ref": "#/components/schemas/Score" } }
            }
          },
          "Score": {
            "type": "object", "required": ["rank", "name", "formula", "family", "measured", "means", "deviations", "hypervolumeGain", "successProbability"],
            "properties": {
              "rank": { "type": "integer" }, "name": { "type": "string" }, "formula": { "type": "string" }, "family": { "type": "string" }, "measured": { "type": "boolean" },
              "means": { "type": "array", "items": { "type": ["number", "null"] } }, "deviations": { "type": "array", "items": { "type": "number" } },
              "front": { "type": "integer" }, "hypervolumeGain": { "type": "number" }, "desirability": { "type": "number" }, "successProbability": { "type": "number" }
            }
          },
          "Suggestion": {
            "type": "object", "required": ["candidate", "name", "formula", "family", "place", "acquisition", "score", "share", "reason", "forecasts", "neighbours", "constraints"],
            "properties": {
              "candidate": { "type": "integer" }, "name": { "type": "string" }, "formula": { "type": "string" }, "family": { "type": "string" }, "place": { "type": "integer" },
              "acquisition": { "type": "string" }, "score": { "type": "number" }, "share": { "type": "number" }, "reason": { "type": "string" },
              "forecasts": { "type": "array", "items": { "type": "object" } }, "neighbours": { "type": "array", "items": { "type": "object" } }, "constraints": { "type": "array", "items": { "type": "object" } },
              "lesson": { "type": "object" }, "cost": { "type": "number" }, "weighing": { "type": "object" }
            }
          },
          "Batch": {
            "type": "object", "required": ["basis", "batch", "version", "options", "suggestions", "surrogates", "openCount", "pendingCount", "excludedCount", "infeasibleCount"],
            "properties": {
              "basis": { "type": "integer" }, "batch": { "type": "integer" }, "version": { "type": "string" }, "options": { "type": "object" },
              "suggestions": { "type": "array", "items": { "$ref": "#/components/schemas/Suggestion" } }, "surrogates": { "type": "array", "items": { "type": "object" } },
              "advice": { "$ref": "#/components/schemas/Advice" }, "best": { "type": "number" },
              "openCount": { "type": "integer" }, "pendingCount": { "type": "integer" }, "excludedCount": { "type": "integer" }, "infeasibleCount": { "type": "integer" }
            }
          },
          "SuggestionRequest": {
            "type": "object",
            "properties": {
              "count": { "type": ["integer", "null"], "minimum": 1, "maximum": 100, "default": 1 },
              "acquisition": { "type": ["string", "null"], "enum": [ACQUISITIONS, null] },
              "strategy": { "type": ["string", "null"], "enum": [STRATEGIES, null] },
              "perFamily": { "type": ["integer", "null"], "minimum": 0, "maximum": 2147483647 }, "seed": { "type": ["integer", "null"], "minimum": 0, "maximum": 9007199254740991 },
              "grams": { "type": ["number", "null"], "exclusiveMinimum": 0 }, "experimentCost": { "type": ["number", "null"], "minimum": 0 }, "costExponent": { "type": ["number", "null"], "minimum": 0 },
              "who": { "type": ["string", "null"], "maxLength": 200 }
            }
          },
          "ObservationRequest": {
            "type": "object", "required": ["observations"],
            "properties": {
              "observations": {
                "type": "array", "minItems": 1,
                "items": {
                  "type": "object", "required": ["candidate", "value"],
                  "properties": {
                    "candidate": { "type": "string", "minLength": 1, "description": "A name, formula or composition" }, "value": { "type": "string", "minLength": 1, "description": "As written, such as 2.4e-3 or <1E-10" },
                    "unit": { "type": ["string", "null"] }, "property": { "type": ["string", "null"] }, "noise": { "type": ["number", "null"], "minimum": 0 }, "measuredAt": { "type": ["string", "null"] }, "source": { "type": ["string", "null"] }
                  }
                }
              },
              "who": { "type": ["string", "null"], "maxLength": 200 },
              "repeat": { "type": ["boolean", "null"] }, "replace": { "type": ["boolean", "null"] }, "add": { "type": ["boolean", "null"] }, "trustUnits": { "type": ["boolean", "null"] }
            }
          },
          "ObservationAnswer": {
            "type": "object", "required": ["recorded", "known", "added", "refused"],
            "properties": { "recorded": { "type": "array", "items": { "type": "integer" } }, "known": { "type": "array", "items": { "type": "integer" } }, "added": { "type": "array", "items": { "type": "string" } }, "refused": { "type": "array", "items": { "type": "string" } } }
          },
          "DecisionRequest": {
            "type": "object", "required": ["candidate", "verdict"],
            "properties": { "candidate": { "type": "string", "minLength": 1 }, "verdict": { "type": "string", "enum": ["accepted", "declined", "failed", "reopened"] }, "reason": { "type": ["string", "null"] }, "who": { "type": ["string", "null"], "maxLength": 200 } }
          }
        }
      }
    }

    """#
    .replacingOccurrences(of: "ACQUISITIONS", with: quoted(AcquisitionKind.allCases.map(\.rawValue)))
    .replacingOccurrences(of: "STRATEGIES", with: quoted(BatchStrategy.allCases.map(\.rawValue)))

  private static func quoted(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
}
