// SPDX-License-Identifier: Apache-2.0
// Secrets of many kinds in all the places where one may stand, through the real
// binary in observe mode, which forwards everything: none of them is in any
// file that the guard wrote, and none that a server sent reaches the client.
// Left out: the server's private kubeconfig, which is a copy; the policy's text
// and the definitions of tools, which the trail keeps as they are.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "audit/base64.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;
using testing::GuardProcess;
using testing::GuardSpec;

// In every canary, so that one search finds all.
constexpr std::string_view kMark = "c4n4ry";

// Of one place; what follows says which.
std::string Canary(std::size_t place) {
  return std::string(kMark) + std::to_string(100 + place) + "xS3cretQz";
}

// "@" becomes the canary, "^" its base64, "%" a token that holds
// it, "~" is "@".
std::string Planted(std::string_view text, std::size_t place) {
  const std::string canary = Canary(place);
  std::string out;
  for (const char c : text) {
    if (c == '@') {
      out += canary;
    } else if (c == '^') {
      out += audit::ToBase64(canary);
    } else if (c == '~') {
      out += '@';
    } else if (c == '%') {
      out += "ghp_" + canary + "abcdefgh";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Text(std::string_view text) {
  JsonWriter out;
  out.BeginObject().Key("content").BeginArray().BeginObject();
  out.Key("type").String("text").Key("text").String(text);
  return "\"result\":" + out.EndObject().EndArray().EndObject().Take();
}

struct Place {
  const char* name;
  std::string method;
  std::string params;
  std::string answer;  // the rest of the server's; "": its own
};

// What a client sends.
std::vector<Place> Asked() {
  const auto call = [](const char* name, std::string arguments) {
    return Place{name, "tools/call",
                 R"({"name":"echo","arguments":)" + arguments + "}", ""};
  };
  const auto kubectl = [](const char* name, std::string args) {
    return Place{name, "tools/call",
                 R"({"name":"kubectl","arguments":{"args":)" + args + "}}", ""};
  };
  const auto apply = [](const char* name, std::string manifest) {
    JsonWriter out;
    out.String(manifest);
    return Place{
        name, "tools/call",
        R"({"name":"apply","arguments":{"manifest":)" + out.text() + "}}", ""};
  };
  return {
      call("argument_key", R"({"text":"x","password":"@"})"),
      call("argument_env", R"({"env":[{"name":"API_KEY","value":"@"}]})"),
      call("argument_line", R"({"text":"PGPASSWORD=@ psql"})"),
      call("argument_token", R"({"text":"use %"})"),
      call("argument_token_as_key", R"({"%":1})"),
      call("argument_bearer", R"({"text":"Authorization: Bearer @"})"),
      call("argument_url", R"({"text":"https://ada:@~host/x"})"),
      call("argument_jwt", R"({"text":"eyJhbGciOiJ9.eyJ@.sig"})"),
      call(
          "argument_pem",
          R"({"text":"-----BEGIN PRIVATE KEY-----\n@\n-----END PRIVATE KEY-----"})"),
      call("argument_docker",
           R"({"text":"{\"auths\":{\"r\":{\"auth\":\"@\"}}}"})"),
      call("argument_kubeconfig",
           R"({"text":"users:\n- user:\n    token: @\n"})"),
      call("argument_escaped", R"({"p\u0061ssword":"@"})"),
      kubectl("flag_token", R"(["get","pods","--token","@"])"),
      kubectl("flag_token_tight", R"(["get","pods","--token=@"])"),
      kubectl("flag_literal",
              R"(["create","secret","generic","a","--from-literal=p=@"])"),
      kubectl("flag_docker", R"(["create","secret","docker-registry","a",)"
                             R"("--docker-password=@"])"),
      kubectl("patch", R"(["patch","secret","a","-p",)"
                       R"("{\"stringData\":{\"p\":\"@\"}}"])"),
      kubectl("unclear_flag", R"(["get","pods","--no-such-flag=token=@"])"),
      apply(
          "manifest_data",
          "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {p: ^}\n"),
      apply("manifest_string_data",
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n"
            "stringData:\n  p: @\n"),
      apply("manifest_last_applied",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
            "  annotations:\n    last: '{\"kind\":\"Secret\",\"data\":{\"p\":"
            "\"^\"}}'\n"),
      apply("manifest_comment",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
            "# password: @\n"),
      apply("manifest_broken", "kind: Secret\ndata: [p: @\n: :"),
      {"tool_name", "tools/call", R"({"name":"%","arguments":{}})", ""},
      {"resource_uri", "resources/read", R"({"uri":"k8s://ada:@~dev/pods"})",
       ""},
      {"resource_query", "resources/read", R"({"uri":"k8s://dev?token=@"})",
       ""},
      {"prompt_argument", "prompts/get",
       R"({"name":"p","arguments":{"password":"@"}})", ""},
      {"prompt_name", "prompts/get", R"({"name":"%","arguments":{}})", ""},
      {"completion", "completion/complete",
       R"({"ref":{"type":"ref/prompt","name":"p"},"argument":)"
       R"({"name":"token","value":"@"}})",
       ""},
      {"method", "ghp_c4n4ry000xS3cretQzabcdefgh", "{}", ""},
      {"trace", "tools/call",
       R"({"name":"echo","arguments":{},"_meta":{"traceparent":"%"}})", ""},
  };
}

// What a server answers.
std::vector<Place> Answered() {
  const auto answer = [](const char* name, std::string text) {
    return Place{name, "tools/call", R"({"name":"echo","arguments":{}})",
                 std::move(text)};
  };
  const auto secret = [](const char* name, std::string text) {
    return Place{name, "tools/call",
                 R"({"name":"get_resource","arguments":)"
                 R"({"resource":"secrets","name":"a"}})",
                 Text(text)};
  };
  const std::string yaml =
      "apiVersion: v1\ndata:\n  p: ^\nkind: Secret\nmetadata:\n  name: a\n";
  return {
      answer("answer_yaml", Text(yaml)),
      answer("answer_list",
             Text("items:\n- data:\n    p: ^\n  kind: Secret\n")),
      answer("answer_json", Text(R"({"kind":"Secret","data":{"p":"^"}})")),
      answer("answer_describe", Text("Data\n====\ntoken:   @\n")),
      answer("answer_log", Text("10:00 connecting with password=@ to db")),
      answer("answer_jwt", Text("eyJhbGciOiJ9.eyJ@.sig")),
      answer("answer_hidden", Text("pass\u200bword: @")),
      answer("answer_structured",
             R"("result":{"content":[],"structuredContent":{"token":"@"}})"),
      answer("answer_failed",
             R"("result":{"isError":true,"content":[{"type":"text","text":)"
             R"("login with token=@ failed"}]})"),
      answer("answer_error",
             R"("error":{"code":-32603,"message":"bad token: @"})"),
      answer("answer_error_data",
             R"("error":{"code":1,"message":"x","data":{"secret":"@"}})"),
      answer(
          "answer_blob",
          R"("result":{"content":[{"type":"resource","resource":)"
          R"({"uri":"a:b","blob":"cGFzc3dvcmQ6IGM0bjRyeTk5OXhTM2NyZXRReg=="}}]})"),
      secret("secret_bare", "^"),
      secret("secret_prose", "the value is @"),
      secret("secret_other_shape", R"({"result":{"value":"@"}})"),
      {"prompt", "prompts/get", R"({"name":"p","arguments":{}})",
       R"("result":{"messages":[{"role":"user","content":{"type":"text",)"
       R"("text":"api_key=@"}}]})"},
      {"resource", "resources/read", R"({"uri":"k8s://dev/x"})",
       R"("result":{"contents":[{"uri":"k8s://dev/x","text":"token: @"}]})"},
  };
}

std::string LineOf(int id, const Place& place) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" +
         place.method + R"(","params":)" + place.params + "}";
}

// The mark as it is, and in base64 wherever in three bytes it begins.
std::vector<std::string> Needles() {
  std::vector<std::string> needles = {std::string(kMark)};
  for (const std::string before : {"", "x", "xy"}) {
    const std::string encoded = audit::ToBase64(before + std::string(kMark));
    // Without the letters that bytes beside it have a part in.
    const std::size_t begin = before.empty() ? 0 : before.size() + 1;
    needles.push_back(encoded.substr(begin, 7));
  }
  return needles;
}

void ExpectNone(const std::string& text, const std::string& where) {
  for (const std::string& needle : Needles()) {
    const std::size_t found = text.find(needle);
    EXPECT_EQ(found, std::string::npos)
        << where << ": " << text.substr(found < 80 ? 0 : found - 80, 160);
  }
}

// Of the test itself, or a copy of the kubeconfig.
bool IsGuards(const fs::path& path) {
  const std::string name = path.filename().string();
  return !name.starts_with("received-") && !name.starts_with("planted-") &&
         name.find("kubeconfig") == std::string::npos && name != "config";
}

void ExpectNoneInFiles(const GuardProcess& guard) {
  std::set<std::string> seen;
  for (const auto& entry :
       fs::recursive_directory_iterator(guard.folder().path())) {
    if (!entry.is_regular_file() || !IsGuards(entry.path())) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    seen.insert(entry.path().filename().string());
    ExpectNone(text, entry.path().string());
  }
  for (const char* name : {"audit.db", "audit.head", "guard.log"}) {
    EXPECT_TRUE(seen.contains(name)) << name;
  }
}

class Canaries : public ::testing::Test {
 protected:
  // Writes a file of the test; returns its path.
  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = files_.File("planted-" + name);
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  // Asks for each place in turn; `on_answer` gets the lines up to its answer.
  template <typename OnAnswer>
  void AskAll(GuardProcess& guard, const std::vector<Place>& places,
              std::size_t first, OnAnswer on_answer) {
    int id = 100;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const Place& place = places[i];
      ASSERT_TRUE(guard.WriteLine(Planted(LineOf(++id, place), first + i)));
      const std::string mark = R"("id":)" + std::to_string(id) + ",";
      for (std::string line; line.find(mark) == std::string::npos;) {
        const auto read = guard.ReadLine();
        ASSERT_TRUE(read.has_value()) << place.name << guard.Stderr();
        line = *read;
        on_answer(place, line);
      }
    }
  }

  void Greet(GuardProcess& guard, const std::string& name,
             const std::string& version) {
    ASSERT_TRUE(guard.WriteLine(
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{)"
        R"("protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{)"
        R"("name":")" +
        name + R"(","version":")" + version + R"("}}})"));
    ASSERT_TRUE(guard.ReadLineWith("\"id\":1").has_value()) << guard.Stderr();
    ASSERT_TRUE(guard.WriteLine(
        R"({"jsonrpc":"2.0","method":"notifications/initialized"})"));
  }

  GuardSpec Spec() {
    GuardSpec spec;
    spec.options = {"--policy",      "observe-all", "--profile",
                    "sample-server", "--log-file",  files_.File("guard.log"),
                    "--log-level",   "debug"};
    return spec;
  }

  testing::TemporaryFolder files_;
};

// What the guard is started with, and what the server tells unasked.
const char* const kSaid =
    R"({"jsonrpc":"2.0","method":"notifications/message",)"
    R"("params":{"level":"info","data":{"password":"@"}}})"
    "\n"
    R"({"jsonrpc":"2.0","method":"notifications/progress",)"
    R"("params":{"progressToken":1,"progress":1,"message":"token=@"}})"
    "\n"
    R"({"jsonrpc":"2.0","id":"token=@","result":{}})"
    "\n"
    R"({"jsonrpc":"2.0","method":"notifications/%"})"
    "\nnot JSON, password=@\n";

// Lines of a client that are no calls.
const char* const kOdd[] = {
    (R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":)"
     R"({"requestId":1,"reason":"password=@"}})"),
    R"({"jsonrpc":"2.0","id":"token=@","method":"ping"})",
    R"({"jsonrpc":"2.0","id":7,"method":"ping","method":"token=@"})",
    R"(broken password=@)"};

TEST_F(Canaries, OfAClientIsInNoFile) {
  const std::vector<Place> asked = Asked();
  EXPECT_GE(asked.size() + Answered().size() + std::size(kOdd), 40u);
  GuardSpec spec = Spec();
  spec.server = {testing::FakeServerPath(), Planted("--token=@", 90)};
  spec.environment = {{"SOME_API_TOKEN", Canary(93)}};
  GuardProcess guard(spec, files_);
  Greet(guard, Planted("agent %", 94), Planted("%", 94));
  AskAll(guard, asked, 0, [](const Place&, const std::string&) {});
  for (const char* line : kOdd) {
    ASSERT_TRUE(guard.WriteLine(Planted(line, 95)));
  }
  ASSERT_TRUE(guard.WriteLine(R"({"jsonrpc":"2.0","id":999,"method":"ping"})"));
  ASSERT_TRUE(guard.ReadLineWith("\"id\":999").has_value());
  ExpectNoneInFiles(guard);  // with its write-ahead log
  guard.CloseInput();
  ASSERT_TRUE(guard.WaitForExit().has_value());
  ExpectNoneInFiles(guard);
  // All of it did reach the server.
  EXPECT_NE(guard.Received().find(Canary(0)), std::string::npos);
  const auto shown = testing::RunGatehouse(
      {"audit", "list", "--db", guard.database(), "--format", "jsonl"});
  EXPECT_EQ(shown.exit_code, 0) << shown.output;
  ExpectNone(shown.output, "audit list");
}

TEST_F(Canaries, OfAServerIsInNoFileAndReachesNoClient) {
  const std::vector<Place> answered = Answered();
  std::string answers;
  for (std::size_t i = 0; i < answered.size(); ++i) {
    answers += Planted(answered[i].answer, 60 + i) + "\n";
  }
  GuardSpec spec = Spec();
  spec.environment = {
      {"FAKE_SERVER_ANSWERS", Write("answers", answers)},
      {"FAKE_SERVER_SAY", Write("say", Planted(kSaid, 91))},
      {"FAKE_SERVER_STDERR", Planted("connecting with token=@\n", 92)}};
  GuardProcess guard(spec, files_);
  Greet(guard, "agent", "1");
  AskAll(guard, answered, 60, [](const Place& place, const std::string& line) {
    ExpectNone(line, place.name);
    EXPECT_TRUE(ParseJson(line).ok()) << line;
  });
  ExpectNoneInFiles(guard);
  guard.CloseInput();
  ASSERT_TRUE(guard.WaitForExit().has_value());
  ExpectNoneInFiles(guard);
}

// A hidden name is found once the zero-width space in it is gone; kept, it is
// said to be there.
TEST_F(Canaries, ControlsAreStrippedAndRecorded) {
  GuardSpec spec = Spec();
  spec.environment = {
      {"FAKE_SERVER_ANSWERS",
       Write("controls", Text("a\x1b[31mred\u202e \U000E0041") + "\n")}};
  GuardProcess guard(spec, files_);
  Greet(guard, "t", "1");
  ASSERT_TRUE(guard.WriteLine(
      R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":)"
      R"({"name":"echo","arguments":{}}})"));
  const auto answer = guard.ReadLineWith("\"id\":2");
  ASSERT_TRUE(answer.has_value());
  EXPECT_NE(answer->find(R"("text":"ared ")"), std::string::npos) << *answer;
  guard.CloseInput();
  ASSERT_TRUE(guard.WaitForExit().has_value());
  std::ifstream in(guard.database(), std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  EXPECT_NE(text.find(R"("controls":3)"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse
