// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/table.h"

#include <ctime>
#include <functional>
#include <utility>

#include "cli/sample/object.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse::sample {
namespace {

using Clock = std::chrono::system_clock;
// A cell is JSON text: a string or a number.
using Cell = std::function<std::string(const JsonValue& object)>;

struct Column {
  std::string name;
  std::string type;    // "string", "integer"
  std::string format;  // "name" marks the name
  Cell cell;
};

Column TextColumn(std::string name, Path path) {
  std::vector<std::string> keys(path.begin(), path.end());
  Cell cell = [keys](const JsonValue& object) {
    const JsonValue* at = &object;
    for (const std::string& key : keys) {
      at = Member(*at, key);
      if (at == nullptr) return Quote("<none>");
    }
    auto text = AsString(*at);
    return Quote(text ? std::string(*text) : Write(*at));
  };
  return {std::move(name), "string", "", std::move(cell)};
}

Column NumberColumn(std::string name, const std::string& field) {
  return {std::move(name), "integer", "", [field](const JsonValue& object) {
            return std::to_string(Number(object, {"status", field}, 0));
          }};
}

std::string Count(const JsonValue& object, std::string_view field) {
  const JsonValue* value = Find(object, {field});
  if (value == nullptr) return "0";
  return std::to_string(value->size());
}

std::string PodReady(const JsonValue& pod) {
  const JsonValue* containers = Find(pod, {"status", "containerStatuses"});
  if (containers == nullptr) return Quote("0/0");
  std::size_t ready = 0;
  for (const JsonValue* container : Elements(*containers)) {
    if (Text(*container, {"ready"}) == "true") ++ready;
  }
  return Quote(std::to_string(ready) + "/" +
               std::to_string(containers->size()));
}

std::string PodRestarts(const JsonValue& pod) {
  const JsonValue* containers = Find(pod, {"status", "containerStatuses"});
  std::int64_t sum = 0;
  if (containers != nullptr) {
    for (const JsonValue* container : Elements(*containers)) {
      sum += Number(*container, {"restartCount"}, 0);
    }
  }
  return std::to_string(sum);
}

std::string ServicePorts(const JsonValue& service) {
  const JsonValue* ports = Find(service, {"spec", "ports"});
  if (ports == nullptr) return Quote("<none>");
  std::string text;
  for (const JsonValue* port : Elements(*ports)) {
    if (!text.empty()) text += ",";
    text += Text(*port, {"port"}) + "/TCP";
  }
  return Quote(text);
}

std::string DeploymentReady(const JsonValue& object) {
  return Quote(std::to_string(Number(object, {"status", "readyReplicas"}, 0)) +
               "/" + std::to_string(Number(object, {"spec", "replicas"}, 1)));
}

std::string EventObject(const JsonValue& event) {
  return Quote(Text(event, {"involvedObject", "kind"}) + "/" +
               Text(event, {"involvedObject", "name"}));
}

Column AgeColumn(std::string name, Path path, Clock::time_point now) {
  std::vector<std::string> keys(path.begin(), path.end());
  return {std::move(name), "string", "", [keys, now](const JsonValue& object) {
            const JsonValue* at = &object;
            for (const std::string& key : keys) {
              at = Member(*at, key);
              if (at == nullptr) return Quote("<unknown>");
            }
            return Quote(WriteAge(AsString(*at).value_or(""), now));
          }};
}

std::vector<Column> WorkloadColumns(std::string_view type) {
  if (type == "/pods") {
    return {{"Ready", "string", "", PodReady},
            TextColumn("Status", {"status", "phase"}),
            {"Restarts", "integer", "", PodRestarts}};
  }
  if (type == "apps/deployments" || type == "apps/statefulsets") {
    return {{"Ready", "string", "", DeploymentReady},
            NumberColumn("Up-to-date", "updatedReplicas"),
            NumberColumn("Available", "availableReplicas")};
  }
  if (type == "apps/replicasets") {
    return {TextColumn("Desired", {"spec", "replicas"}),
            NumberColumn("Current", "replicas"),
            NumberColumn("Ready", "readyReplicas")};
  }
  return {};
}

std::vector<Column> MiddleColumns(std::string_view type) {
  if (type == "/services") {
    return {TextColumn("Type", {"spec", "type"}),
            TextColumn("Cluster-IP", {"spec", "clusterIP"}),
            {"Port(s)", "string", "", ServicePorts}};
  }
  auto data = [](const JsonValue& object) { return Count(object, "data"); };
  if (type == "/configmaps") return {{"Data", "integer", "", data}};
  if (type == "/secrets") {
    return {TextColumn("Type", {"type"}), {"Data", "integer", "", data}};
  }
  if (type == "/namespaces") return {TextColumn("Status", {"status", "phase"})};
  if (type == "/nodes") {
    return {{"Status", "string", "",
             [](const JsonValue&) { return Quote("Ready"); }},
            TextColumn("Version", {"status", "nodeInfo", "kubeletVersion"})};
  }
  return WorkloadColumns(type);
}

std::vector<Column> ColumnsOf(std::string_view type, Clock::time_point now) {
  if (type == "/events") {
    return {AgeColumn("Last Seen", {"lastTimestamp"}, now),
            TextColumn("Type", {"type"}),
            TextColumn("Reason", {"reason"}),
            {"Object", "string", "", EventObject},
            TextColumn("Message", {"message"})};
  }
  Column name = TextColumn("Name", {"metadata", "name"});
  name.format = "name";
  std::vector<Column> columns = {name};
  for (Column& column : MiddleColumns(type)) {
    columns.push_back(std::move(column));
  }
  columns.push_back(AgeColumn("Age", {"metadata", "creationTimestamp"}, now));
  return columns;
}

void WriteRow(JsonWriter& out, const std::vector<Column>& columns,
              const JsonValue& object, std::string_view include) {
  out.BeginObject().Key("cells").BeginArray();
  for (const Column& column : columns) out.Raw(column.cell(object));
  out.EndArray();
  if (include == "Object") {
    out.Key("object").Value(object);
  } else if (include != "None") {
    out.Key("object").BeginObject();
    out.Key("kind").String("PartialObjectMetadata");
    out.Key("apiVersion").String("meta.k8s.io/v1").Key("metadata");
    const JsonValue* metadata = Find(object, {"metadata"});
    out.Value(metadata == nullptr ? JsonValue::object() : *metadata);
    out.EndObject();
  }
  out.EndObject();
}

}  // namespace

std::string WriteAge(std::string_view created, Clock::time_point now) {
  std::tm utc{};
  std::string text(created);
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &utc) == nullptr) {
    return "<unknown>";
  }
  std::int64_t age = Clock::to_time_t(now) - timegm(&utc);
  if (age < 0) age = 0;
  if (age < 120) return std::to_string(age) + "s";
  if (age < 7200) return std::to_string(age / 60) + "m";
  if (age < 172800) return std::to_string(age / 3600) + "h";
  return std::to_string(age / 86400) + "d";
}

std::string WriteTable(std::string_view type,
                       const std::vector<JsonValue>& objects,
                       std::string_view include, Clock::time_point now) {
  std::vector<Column> columns = ColumnsOf(type, now);
  JsonWriter out;
  out.BeginObject().Key("kind").String("Table");
  out.Key("apiVersion").String("meta.k8s.io/v1");
  out.Key("metadata").BeginObject().Key("resourceVersion").String("1");
  out.EndObject().Key("columnDefinitions").BeginArray();
  for (const Column& column : columns) {
    out.BeginObject().Key("name").String(column.name);
    out.Key("type").String(column.type).Key("format").String(column.format);
    out.Key("description").String("").Key("priority").Integer(0).EndObject();
  }
  out.EndArray().Key("rows").BeginArray();
  for (const JsonValue& object : objects) {
    WriteRow(out, columns, object, include);
  }
  return out.EndArray().EndObject().Take();
}

}  // namespace gatehouse::sample
