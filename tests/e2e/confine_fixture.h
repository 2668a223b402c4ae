// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the end-to-end tests of confinement share: the server is a shell that
// writes down its environment and kubeconfig, and then is the fake one.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/guard_process.h"

namespace gatehouse::testing {

inline constexpr const char* kPing =
    R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
inline constexpr const char* kScript =
    "env >\"$DUMP/env\"; echo \"$@\" >\"$DUMP/words\"; "
    "cat \"$KUBECONFIG\" >\"$DUMP/config\"; exec \"$FAKE\"";

inline std::string Entry(const std::string& name, const std::string& user) {
  return "clusters: [{name: c-" + name +
         ", cluster: {server: 'https://127.0.0.1:1', certificate-authority: "
         "ca.crt}}]\nusers: [{name: u-" +
         name + ", user: " + user + "}]\ncontexts: [{name: " + name +
         ", context: {cluster: c-" + name + ", user: u-" + name + "}}]\n";
}

class Confine : public ::testing::Test {
 protected:
  GuardSpec Spec(const std::string& kubeconfig,
                 std::vector<std::string> options = {
                     "--policy", "read-only", "--profile", "sample-server"}) {
    GuardSpec spec;
    spec.options = std::move(options);
    spec.kubeconfig = kubeconfig;
    spec.server = {"/bin/sh", "-c", kScript, "sh"};
    spec.environment = {{"DUMP", home_.path()}, {"FAKE", FakeServerPath()}};
    return spec;
  }
  // Starts it and waits until the server answers.
  std::string CopyOf(GuardProcess& guard) {
    EXPECT_TRUE(guard.WriteLine(kPing));
    EXPECT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
    return ReadFile(home_.File("config"));
  }
  std::string Variable(const std::string& name) {
    const std::string env = "\n" + ReadFile(home_.File("env"));
    const std::size_t at = env.find("\n" + name + "=");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 2;
    return env.substr(begin, env.find('\n', begin) - begin);
  }
  void ExpectNoStart(const GuardSpec& spec, const std::string& why) {
    SCOPED_TRACE(why);
    GuardProcess guard(spec);
    guard.CloseInput();
    EXPECT_EQ(guard.WaitForExit(), 3);
    EXPECT_NE(guard.Stderr().find(why), std::string::npos) << guard.Stderr();
    EXPECT_FALSE(std::filesystem::exists(home_.File("env")))
        << "the server was started";
  }

  TemporaryFolder home_;
};

}  // namespace gatehouse::testing
