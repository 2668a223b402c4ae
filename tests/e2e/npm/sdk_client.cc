// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/npm/sdk_client.h"

#include <utility>

#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "tests/support/npm_servers.h"

namespace gatehouse::testing {
namespace {

constexpr std::chrono::seconds kSdkPatience{60};
constexpr const char* kScript =
    GATEHOUSE_SOURCE_DIR "/tests/e2e/npm/sdk_client.mjs";

std::string Line(std::string_view method, std::string_view params,
                 std::string_view how) {
  JsonWriter out;
  out.BeginObject().Key("method").String(method).Key("params");
  out.Raw(std::string(params)).Key("do").String(how).EndObject();
  return out.text();
}

}  // namespace

std::string NewerNode() { return FindNpmServer("node"); }

std::string NpmPackages() {
  // The programs stand in node_modules/.bin.
  const std::string program = FindNpmServer("kubernetes-mcp-server");
  return program.substr(0, program.rfind("/.bin/"));
}

std::unique_ptr<SdkClient> SdkClient::Start(
    std::string_view kind, const std::vector<std::string>& argv) {
  cli::LineProcessSpec spec;
  spec.argv = {NewerNode(), kScript, NpmPackages(), std::string(kind)};
  spec.argv.insert(spec.argv.end(), argv.begin(), argv.end());
  auto process = cli::LineProcess::Start(spec);
  if (!process.ok()) return nullptr;
  std::unique_ptr<SdkClient> client(new SdkClient(std::move(process).value()));
  client->connected_ = client->Read();
  return client;
}

JsonValue SdkClient::Ask(std::string_view method, std::string_view params) {
  return Send(Line(method, params, "wait"));
}

JsonValue SdkClient::AskAndGiveUp(std::string_view method,
                                  std::string_view params) {
  return Send(Line(method, params, "cancel"));
}

int SdkClient::Close() { return process_.Finish(kSdkPatience); }

JsonValue SdkClient::Send(const std::string& line) {
  (void)process_.WriteLine(line);
  return Read();
}

JsonValue SdkClient::Read() {
  auto line = process_.ReadLine(kSdkPatience);
  auto value = line.ok() ? ParseJson(line.value()) : ParseJson("{}");
  return value.ok() ? std::move(value).value() : ParseJson("{}").value();
}

}  // namespace gatehouse::testing
