// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sample cluster's HTTP face on loopback, and the log of what was asked of
// it. The only file that knows cpp-httplib.

#include <fstream>
#include <memory>
#include <mutex>
#include <string>

#include "cli/sample/api.h"

namespace gatehouse::sample {

// Appends one flushed line per request: METHOD path?query -> status, and with
// TLS " as NAME". Any thread. An empty path keeps no log.
class RequestLog {
 public:
  explicit RequestLog(const std::string& path);
  bool ok() const { return !wanted_ || file_.is_open(); }
  void Write(const std::string& line);

 private:
  bool wanted_;
  std::mutex mutex_;
  std::ofstream file_;
};

// Files of TLS, in PEM. Whoever asks then says who it is: by a certificate
// that `clients` signed, or by any bearer token; else it gets 401.
struct TlsFiles {
  std::string certificate;  // "": no TLS
  std::string key;
  std::string clients;
};

// Borrows api, store and log for its life.
class HttpServer {
 public:
  HttpServer(Api& api, Store& store, RequestLog& log, const TlsFiles& tls = {});
  ~HttpServer();
  // The port on 127.0.0.1 (any free one for 0), or -1.
  int Bind(int port);
  // Serves until the process ends.
  void Serve();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gatehouse::sample
