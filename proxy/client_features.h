// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a server may ask of a client's person or model, where the client said
// that it answers: in the handshake, or (2026-07-28) in each request. Read by
// the session, asked by proxy/server_requests. Pure values.

#include <cstdint>

#include "policy/json_value_fwd.h"

namespace gatehouse {

enum class ClientFeature : std::uint8_t {
  kNone = 0,  // what no client can declare
  kSampling = 1,
  kElicitation = 2,     // a form
  kElicitationUrl = 4,  // a link that a person is to open
  kRoots = 8,
  kSamplingTools = 16,    // … where the model may use tools
  kSamplingContext = 32,  // … and reads what servers said before
  kSamplingTask = 64,     // … answered by a task (2025-11-25)
  kElicitationTask = 128,
};

class ClientFeatures {
 public:
  bool Has(ClientFeature feature) const {
    return (bits_ & static_cast<std::uint8_t>(feature)) != 0;
  }
  void Add(ClientFeature feature) {
    bits_ =
        static_cast<std::uint8_t>(bits_ | static_cast<std::uint8_t>(feature));
  }

 private:
  std::uint8_t bits_ = 0;
};

// Of a client's `capabilities`; what is no object declares nothing.
ClientFeatures ReadClientFeatures(const JsonValue& capabilities);

}  // namespace gatehouse
