// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sample cluster's answer to one HTTP request, without any HTTP: paths and
// texts in, texts out. A small stand-in for a Kubernetes API server: it checks
// no schema, no permission and no version conflict, and has no controllers.
//
// On the way of a request: server (HTTP) -> api -> store.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/sample/path.h"
#include "cli/sample/store.h"
#include "policy/kubernetes/tables.h"

namespace gatehouse::sample {

struct ApiRequest {
  std::string method;  // upper case
  std::string target;  // path?query, as sent
  std::string accept;
  std::string content_type;
  std::string body;
};

// A watch: the connection stays open and changes are written as they come.
struct WatchStream {
  ObjectFilter filter;
  std::string api_version;
  std::string kind;
  bool as_table = false;
  std::uint64_t after_version = 0;
  std::chrono::seconds patience{10};  // the stream ends after this
};

struct ApiResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::optional<WatchStream> watch;
};

// Borrows store and types for its life. Any thread.
class Api {
 public:
  Api(Store& store, std::span<const ResourceType> types)
      : store_(store), types_(types) {}

  ApiResponse Handle(const ApiRequest& request);

  // The lines that `stream` gets for these changes.
  static std::string WatchLines(const WatchStream& stream,
                                const std::vector<Change>& changes);

 private:
  // One request to a resource, with what was looked up for it.
  struct Call {
    const ApiRequest& request;
    const ApiPath& path;
    const ResourceType& type;
    ObjectKey key;
    ObjectFilter filter;
    bool dry_run = false;
  };

  ApiResponse HandleOther(const ApiRequest& request, const ApiPath& path);
  ApiResponse HandleResource(const ApiRequest& request, const ApiPath& path);
  ApiResponse HandleCollection(const Call& call);
  ApiResponse HandleObject(const Call& call);
  ApiResponse HandleSubresource(const Call& call);
  ApiResponse HandleScale(const Call& call, const JsonValue& object);
  ApiResponse List(const Call& call);
  ApiResponse Create(const Call& call);
  ApiResponse DeleteAll(const Call& call);
  ApiResponse Write(const Call& call, JsonValue object, int status);
  ApiResponse Patch(const Call& call, const std::optional<JsonValue>& before);
  ApiResponse Review(const Call& call);
  ApiResponse Show(const Call& call, JsonValue object, int status);
  const ResourceType* FindType(const ApiPath& path) const;

  Store& store_;
  std::span<const ResourceType> types_;
};

}  // namespace gatehouse::sample
