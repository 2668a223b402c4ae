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

// Appends one flushed line per request: METHOD path?query -> status. Any
// thread. An empty path keeps no log.
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

// Borrows api, store and log for its life.
class HttpServer {
 public:
  HttpServer(Api& api, Store& store, RequestLog& log);
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
