// SPDX-License-Identifier: Apache-2.0
// gatehouse-sample-cluster: a stand-in Kubernetes API on loopback with a little
// sample content, for `gatehouse demo` and the end-to-end tests. It ends when
// its standard input closes or its parent dies, so it is never left behind.

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "cli/sample/api.h"
#include "cli/sample/sample_data.h"
#include "cli/sample/server.h"
#include "policy/kubernetes/tables.h"

namespace gatehouse::sample {
namespace {

struct Options {
  int port = 0;
  std::string log;
  std::string kubeconfig;
  TlsFiles tls;
};

bool WriteKubeconfig(const std::string& file, int port) {
  std::ofstream out(file, std::ios::trunc);
  out << "apiVersion: v1\nkind: Config\ncurrent-context: sample\n"
      << "clusters:\n- name: sample\n  cluster:\n    server: http://127.0.0.1:"
      << port << "\nusers:\n- name: sample-user\n  user:\n"
      << "    token: sample-token-of-no-value\ncontexts:\n"
      << "- name: sample\n  context: {cluster: sample, user: sample-user, "
         "namespace: default}\n"
      << "- name: other\n  context: {cluster: sample, user: sample-user, "
         "namespace: dev}\n";
  return static_cast<bool>(out.flush());
}

void EndWithStdin() {
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  // Threads may sit in a watch; nothing here needs to be tidied away.
  std::_Exit(0);
}

// As a cluster of today: without the group that 1.22 took away.
std::vector<ResourceType> ServedTypes() {
  const auto tables = KubernetesTables::Embedded();
  std::vector<ResourceType> types;
  for (const ResourceType& type : tables->resources()) {
    if (type.group != "extensions") types.push_back(type);
  }
  return types;
}

int Run(const Options& options) {
  pid_t parent = getppid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) return 3;
  Store store;
  for (SampleObject& sample : SampleObjects(std::chrono::system_clock::now())) {
    store.Put({sample.type, sample.namespace_name, sample.name},
              std::move(sample.object));
  }
  const std::vector<ResourceType> types = ServedTypes();
  Api api(store, types);
  RequestLog log(options.log);
  HttpServer server(api, store, log, options.tls);
  int port = log.ok() ? server.Bind(options.port) : -1;
  if (port < 0 || (!options.kubeconfig.empty() &&
                   !WriteKubeconfig(options.kubeconfig, port))) {
    std::fputs("gatehouse-sample-cluster: cannot open its port or files\n",
               stderr);
    return 3;
  }
  std::thread([] { EndWithStdin(); }).detach();
  std::printf("{\"port\":%d}\n", port);
  std::fflush(stdout);
  server.Serve();
  return 0;
}

}  // namespace
}  // namespace gatehouse::sample

int main(int argc, char** argv) {
  gatehouse::sample::Options options;
  CLI::App app(
      "A small sample Kubernetes API on 127.0.0.1; it ends when its "
      "standard input closes.");
  app.add_option("--port", options.port, "port; 0 takes any free one")
      ->check(CLI::Range(0, 65535));
  app.add_option("--log", options.log, "appends a line for each request");
  app.add_option("--kubeconfig", options.kubeconfig,
                 "writes a kubeconfig for this cluster (without TLS)");
  auto* certificate =
      app.add_option("--tls-certificate", options.tls.certificate,
                     "speaks TLS with this certificate (PEM)");
  auto* key = app.add_option("--tls-key", options.tls.key, "its key");
  auto* clients = app.add_option("--tls-clients", options.tls.clients,
                                 "who signs the certificates of clients");
  certificate->needs(key)->needs(clients);
  CLI11_PARSE(app, argc, argv);
  return gatehouse::sample::Run(options);
}
