// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/api.h"

#include <utility>

#include "cli/sample/discovery.h"
#include "cli/sample/object.h"
#include "cli/sample/openapi.h"
#include "cli/sample/protobuf.h"
#include "cli/sample/sample_data.h"
#include "cli/sample/status.h"
#include "cli/sample/table.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse::sample {
namespace {

// Asked for with "@v1.0"; answered with a dot, since "@" is no part of a media
// type and Go's reader refuses it.
constexpr std::string_view kProtobuf =
    "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

ApiResponse Found(std::string body) {
  if (body.empty()) return Failure(404, "NotFound", "no such path");
  ApiResponse response;
  response.body = std::move(body);
  return response;
}

bool WantsTable(const ApiRequest& request) {
  return request.accept.find("as=Table") != std::string::npos;
}

bool IsProtobuf(const ApiRequest& request) {
  return request.content_type.find("protobuf") != std::string::npos;
}

Result<JsonValue> ReadBody(const ApiRequest& request) {
  if (!IsProtobuf(request)) return ParseJson(request.body);
  const auto secret = SecretFromProtobuf(request.body);
  return ParseJson(secret ? *secret
                          : NameFromProtobuf(request.body).value_or("{}"));
}

// Objects keep no apiVersion of their own: one is served in several.
JsonValue Dressed(const ResourceType& type, JsonValue object) {
  Set(object, {"apiVersion"}, GroupVersion(type.group, type.version));
  Set(object, {"kind"}, type.kind);
  return object;
}

std::chrono::seconds Patience(const ApiPath& path) {
  std::string text = path.Query("timeoutSeconds");
  bool number = !text.empty() && text.size() < 4 &&
                text.find_first_not_of("0123456789") == std::string::npos;
  // A sample need not hold a connection for the minutes that clients ask for.
  return std::chrono::seconds(number ? std::min(std::stoi(text), 10) : 10);
}

std::string LastLines(const std::string& log, const std::string& count) {
  if (count.empty() || count.find_first_not_of("0123456789") != count.npos ||
      count.size() > 6) {
    return log;
  }
  std::size_t at = log.size();
  for (int left = std::stoi(count); left >= 0 && at > 0; --left) {
    at = log.rfind('\n', at - 1);
    if (at == std::string::npos) return log;
    if (left == 0) return log.substr(at + 1);
  }
  return log.substr(at);
}

}  // namespace

ApiResponse Api::Handle(const ApiRequest& request) {
  ApiPath path = ReadPath(request.target);
  if (path.is_resource && !path.resource.empty()) {
    return HandleResource(request, path);
  }
  if (request.method != "GET") return MethodNotAllowed();
  return HandleOther(request, path);
}

ApiResponse Api::HandleOther(const ApiRequest& request, const ApiPath& path) {
  auto part = [&](std::size_t index) {
    return index < path.parts.size() ? path.parts[index] : "";
  };
  std::string first = part(0);
  if (path.is_resource) {
    return Found(ResourceList(types_, path.group, path.version));
  }
  if (first == "version") return Found(VersionDocument());
  if (first == "healthz" || first == "readyz" || first == "livez") {
    return ApiResponse{200, "text/plain", "ok", std::nullopt};
  }
  if (first == "api") return Found(CoreVersions());
  if (first == "apis") {
    if (path.parts.size() == 1) return Found(GroupList(types_));
    return Found(Group(types_, part(1)));
  }
  if (first != "openapi") return Failure(404, "NotFound", "no such path");
  if (part(1) == "v2") {
    bool protobuf = request.accept.find("protobuf") != std::string::npos;
    if (!protobuf) return Found(OpenApi2Json(types_));
    return ApiResponse{200, std::string(kProtobuf), OpenApi2Protobuf(types_),
                       std::nullopt};
  }
  if (part(1) != "v3") return Failure(404, "NotFound", "no such path");
  if (part(2).empty()) return Found(OpenApi3Index(types_));
  if (part(2) == "api") return Found(OpenApi3Json(types_, "", part(3)));
  return Found(OpenApi3Json(types_, part(3), part(4)));
}

const ResourceType* Api::FindType(const ApiPath& path) const {
  for (const ResourceType& type : types_) {
    if (type.group == path.group && type.version == path.version &&
        type.plural == path.resource) {
      return &type;
    }
  }
  return nullptr;
}

ApiResponse Api::HandleResource(const ApiRequest& request,
                                const ApiPath& path) {
  const ResourceType* type = FindType(path);
  if (type == nullptr) {
    return Failure(404, "NotFound",
                   "the server could not find the requested resource");
  }
  std::string key_type = type->group + "/" + type->plural;
  Call call{request,
            path,
            *type,
            {key_type, type->namespaced ? path.namespace_name : "", path.name},
            {key_type, type->namespaced ? path.namespace_name : "",
             path.Query("labelSelector"), path.Query("fieldSelector")},
            path.Query("dryRun") == "All"};
  if (call.type.group == "authorization.k8s.io" ||
      call.type.group == "authentication.k8s.io") {
    return Review(call);
  }
  // The options of a delete are not read at all.
  if (IsProtobuf(request) && request.method != "DELETE" &&
      !NameFromProtobuf(request.body)) {
    return Failure(415, "UnsupportedMediaType",
                   "this sample cluster reads JSON bodies, and protobuf only "
                   "as typed clients write it");
  }
  if (path.name.empty()) return HandleCollection(call);
  if (!path.subresource.empty()) return HandleSubresource(call);
  return HandleObject(call);
}

ApiResponse Api::HandleCollection(const Call& call) {
  if (call.request.method == "GET") return List(call);
  if (call.request.method == "POST") return Create(call);
  if (call.request.method == "DELETE") return DeleteAll(call);
  return MethodNotAllowed();
}

ApiResponse Api::List(const Call& call) {
  std::string watch = call.path.Query("watch");
  if (watch == "true" || watch == "1") {
    if (!call.path.Query("sendInitialEvents").empty()) {
      return Failure(422, "Invalid", "sendInitialEvents is not served here");
    }
    ApiResponse response;
    std::string since = call.path.Query("resourceVersion");
    WatchStream stream;
    stream.filter = call.filter;
    stream.api_version = GroupVersion(call.type.group, call.type.version);
    stream.kind = call.type.kind;
    stream.as_table = WantsTable(call.request);
    bool from_now = !since.empty() && since != "0";
    stream.after_version = from_now ? store_.version() : 0;
    stream.patience = Patience(call.path);
    response.watch = std::move(stream);
    return response;
  }
  std::vector<JsonValue> objects;
  for (JsonValue& object : store_.List(call.filter)) {
    objects.push_back(Dressed(call.type, std::move(object)));
  }
  if (WantsTable(call.request)) {
    return Found(WriteTable(call.key.type, objects,
                            call.path.Query("includeObject"),
                            std::chrono::system_clock::now()));
  }
  JsonWriter out;
  out.BeginObject().Key("kind").String(call.type.kind + "List");
  out.Key("apiVersion")
      .String(GroupVersion(call.type.group, call.type.version));
  out.Key("metadata").BeginObject().Key("resourceVersion");
  out.String(std::to_string(store_.version())).EndObject();
  out.Key("items").BeginArray();
  for (const JsonValue& object : objects) out.Value(object);
  return Found(out.EndArray().EndObject().Take());
}

ApiResponse Api::Create(const Call& call) {
  Result<JsonValue> body = ReadBody(call.request);
  if (!body.ok()) return Failure(400, "BadRequest", body.error().sentence);
  Call named = call;
  named.key.name = Text(body.value(), {"metadata", "name"});
  std::string prefix = Text(body.value(), {"metadata", "generateName"});
  if (named.key.name.empty() && !prefix.empty()) {
    named.key.name = prefix + std::to_string(store_.version());
    Set(body.value(), {"metadata", "name"}, named.key.name);
  }
  if (named.key.name.empty()) {
    return Failure(422, "Invalid", "metadata.name: Required value");
  }
  if (store_.Get(named.key)) {
    return Failure(
        409, "AlreadyExists",
        call.type.plural + " \"" + named.key.name + "\" already exists");
  }
  return Write(named, std::move(body).value(), 201);
}

ApiResponse Api::DeleteAll(const Call& call) {
  for (const JsonValue& object : store_.List(call.filter)) {
    ObjectKey key = call.key;
    key.namespace_name = Text(object, {"metadata", "namespace"});
    key.name = Text(object, {"metadata", "name"});
    if (!call.dry_run) store_.Delete(key);
  }
  return Success(call.type.plural, "");
}

ApiResponse Api::HandleObject(const Call& call) {
  std::optional<JsonValue> object = store_.Get(call.key);
  const std::string& method = call.request.method;
  if (method == "PATCH") return Patch(call, object);
  if (!object) return NotFound(call.type.plural, call.key.name);
  if (method == "GET") return Show(call, std::move(*object), 200);
  if (method == "DELETE") {
    if (!call.dry_run) store_.Delete(call.key);
    return Success(call.type.plural, call.key.name);
  }
  if (method != "PUT") return MethodNotAllowed();
  Result<JsonValue> body = ReadBody(call.request);
  // Of most objects in protobuf only the name is read: they stay as they are.
  const bool unread = IsProtobuf(call.request) && call.type.kind != "Secret";
  if (unread) return Write(call, std::move(*object), 200);
  if (!body.ok()) return Failure(400, "BadRequest", body.error().sentence);
  return Write(call, std::move(body).value(), 200);
}

ApiResponse Api::Patch(const Call& call,
                       const std::optional<JsonValue>& before) {
  Result<JsonValue> patch = ParseJson(call.request.body);
  if (!patch.ok()) return Failure(400, "BadRequest", patch.error().sentence);
  bool apply =
      call.request.content_type.find("apply-patch") != std::string::npos;
  if (!before && !apply) return NotFound(call.type.plural, call.key.name);
  if (call.request.content_type.find("json-patch") == std::string::npos) {
    JsonValue base = before.value_or(JsonValue::object());
    return Write(call, MergePatch(std::move(base), patch.value()),
                 before ? 200 : 201);
  }
  Result<JsonValue> after = JsonPatch(*before, patch.value());
  if (!after.ok()) return Failure(422, "Invalid", after.error().sentence);
  return Write(call, std::move(after).value(), 200);
}

ApiResponse Api::Write(const Call& call, JsonValue object, int status) {
  Set(object, {"metadata", "name"}, call.key.name);
  if (call.type.namespaced) {
    Set(object, {"metadata", "namespace"}, call.key.namespace_name);
  }
  if (!call.dry_run) object = store_.Put(call.key, std::move(object));
  return Show(call, std::move(object), status);
}

ApiResponse Api::Show(const Call& call, JsonValue object, int status) {
  ApiResponse response;
  response.status = status;
  JsonValue dressed = Dressed(call.type, std::move(object));
  response.body = WantsTable(call.request)
                      ? WriteTable(call.key.type, {dressed},
                                   call.path.Query("includeObject"),
                                   std::chrono::system_clock::now())
                      : sample::Write(dressed);
  return response;
}

ApiResponse Api::HandleSubresource(const Call& call) {
  std::optional<JsonValue> object = store_.Get(call.key);
  if (!object) return NotFound(call.type.plural, call.key.name);
  const std::string& subresource = call.path.subresource;
  if (subresource == "log" && call.request.method == "GET") {
    return ApiResponse{
        200, "text/plain",
        LastLines(SampleLog(call.key.name), call.path.Query("tailLines")),
        std::nullopt};
  }
  if (subresource == "scale") return HandleScale(call, *object);
  if (subresource == "eviction" && call.request.method == "POST") {
    if (!call.dry_run) store_.Delete(call.key);
    return Success(call.type.plural, call.key.name);
  }
  for (std::string_view plain :
       {"status", "finalize", "approval", "ephemeralcontainers", "resize"}) {
    if (subresource == plain) return HandleObject(call);
  }
  return Failure(501, "NotImplemented",
                 subresource + " is not part of this sample cluster");
}

ApiResponse Api::HandleScale(const Call& call, const JsonValue& object) {
  std::int64_t replicas = Number(object, {"spec", "replicas"}, 1);
  if (call.request.method != "GET") {
    Result<JsonValue> body = ParseJson(call.request.body);
    if (!body.ok()) return Failure(400, "BadRequest", body.error().sentence);
    replicas = Number(body.value(), {"spec", "replicas"}, replicas);
    JsonValue changed = object;
    Set(changed, {"spec", "replicas"}, replicas);
    if (!call.dry_run) store_.Put(call.key, std::move(changed));
  }
  const JsonValue* labels = Find(object, {"spec", "selector", "matchLabels"});
  JsonWriter out;
  out.BeginObject().Key("kind").String("Scale");
  out.Key("apiVersion").String("autoscaling/v1").Key("metadata").BeginObject();
  out.Key("name").String(call.key.name);
  out.Key("namespace").String(call.key.namespace_name).EndObject();
  out.Key("spec").BeginObject().Key("replicas").Integer(replicas).EndObject();
  out.Key("status").BeginObject().Key("replicas").Integer(replicas);
  out.Key("selector")
      .String(labels == nullptr ? "" : "app=" + Text(*labels, {"app"}));
  return Found(out.EndObject().EndObject().Take());
}

// Whoever asks may do everything here: the limits are the guard's business. So
// a question in protobuf (as Go clients ask it) need not be read at all.
ApiResponse Api::Review(const Call& call) {
  bool unread = IsProtobuf(call.request);
  Result<JsonValue> body = ParseJson(unread ? "{}" : call.request.body);
  if (!body.ok()) return Failure(400, "BadRequest", body.error().sentence);
  JsonValue review = Dressed(call.type, std::move(body).value());
  if (call.type.kind == "SelfSubjectRulesReview") {
    Result<JsonValue> status =
        ParseJson(R"({"resourceRules":[{"verbs":["*"],"apiGroups":["*"],)"
                  R"("resources":["*"]}],"nonResourceRules":[{"verbs":["*"],)"
                  R"("nonResourceURLs":["*"]}],"incomplete":false})");
    Set(review, {"status"}, std::move(status).value());
  } else if (call.type.kind == "SelfSubjectReview") {
    Set(review, {"status", "userInfo", "username"}, "sample-user");
  } else {
    Set(review, {"status", "allowed"}, true);
  }
  return ApiResponse{201, "application/json", sample::Write(review),
                     std::nullopt};
}

std::string Api::WatchLines(const WatchStream& stream,
                            const std::vector<Change>& changes) {
  std::string lines;
  for (const Change& change : changes) {
    JsonValue object = change.object;
    Set(object, {"apiVersion"}, stream.api_version);
    Set(object, {"kind"}, stream.kind);
    std::string text = sample::Write(object);
    if (stream.as_table) {
      text = WriteTable(stream.filter.type, {object}, "Object",
                        std::chrono::system_clock::now());
    }
    lines += JsonWriter()
                 .BeginObject()
                 .Key("type")
                 .String(change.kind)
                 .Key("object")
                 .Raw(text)
                 .EndObject()
                 .Take() +
             "\n";
  }
  return lines;
}

}  // namespace gatehouse::sample
