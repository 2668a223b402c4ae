// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/server.h"

#include <sys/socket.h>

#include <chrono>

// Its own warnings are not ours.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <httplib.h>
#pragma GCC diagnostic pop

#include "cli/sample/status.h"

namespace gatehouse::sample {
namespace {

using std::chrono::steady_clock;

// One thread per connection. kubectl's discovery opens some thirty at once,
// and a watch holds one for seconds.
constexpr std::size_t kThreads = 64;
// Connections that do not fit wait a second for TCP to try again; the library
// is built for five.
constexpr int kBacklog = 256;
// Short enough that a stream notices at once that its client went away.
constexpr std::chrono::milliseconds kWatchStep{100};

void Stream(const Store& store, const WatchStream& stream,
            httplib::Response& out) {
  auto end = steady_clock::now() + stream.patience;
  std::uint64_t after = stream.after_version;
  auto write = [&store, stream, end, after](std::size_t,
                                            httplib::DataSink& sink) mutable {
    auto changes = store.ChangesAfter(after, stream.filter, kWatchStep);
    if (!changes.empty()) {
      after = changes.back().version;
      std::string lines = Api::WatchLines(stream, changes);
      if (!sink.write(lines.data(), lines.size())) return false;
    }
    if (!sink.is_writable()) return false;
    if (steady_clock::now() >= end) sink.done();
    return true;
  };
  out.set_chunked_content_provider("application/json", write);
}

// Each connection shows its certificate: a session that is resumed would show
// the one of before.
bool SetUpTls(SSL_CTX& context, const TlsFiles& files) {
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(&context, SSL_OP_NO_TICKET);
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
  return SSL_CTX_use_certificate_chain_file(&context,
                                            files.certificate.c_str()) == 1 &&
         SSL_CTX_use_PrivateKey_file(&context, files.key.c_str(),
                                     SSL_FILETYPE_PEM) == 1 &&
         SSL_CTX_load_verify_locations(&context, files.clients.c_str(),
                                       nullptr) == 1;
}

std::unique_ptr<httplib::Server> MakeServer(const TlsFiles& tls) {
  if (tls.certificate.empty()) return std::make_unique<httplib::Server>();
  return std::make_unique<httplib::SSLServer>(
      [&tls](SSL_CTX& context) { return SetUpTls(context, tls); });
}

// The common name of the client's certificate, or "token"; "": nobody.
std::string WhoAsks(const httplib::Request& in) {
  X509* certificate = SSL_get1_peer_certificate(in.ssl);
  if (certificate != nullptr) {
    char name[256] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate),
                              NID_commonName, name, sizeof name);
    X509_free(certificate);
    return name;
  }
  const std::string scheme = "Bearer ";
  const std::string given = in.get_header_value("Authorization");
  const bool token = given.size() > scheme.size() && given.starts_with(scheme);
  return token ? "token" : "";
}

}  // namespace

RequestLog::RequestLog(const std::string& path) : wanted_(!path.empty()) {
  if (wanted_) file_.open(path, std::ios::app);
}

void RequestLog::Write(const std::string& line) {
  if (!wanted_) return;
  std::lock_guard lock(mutex_);
  file_ << line << std::endl;
}

struct HttpServer::Impl {
  Api& api;
  Store& store;
  RequestLog& log;
  std::unique_ptr<httplib::Server> http;
  int socket = -1;  // the listening one, the library's own

  // A delete and an eviction say in their body (field 5 of DeleteOptions) what
  // other requests say in their query; here and in the log all say it there.
  static bool IsDryInBody(const httplib::Request& in) {
    const bool may = in.method == "DELETE" || in.path.ends_with("/eviction");
    const auto holds = [&](const char* text) {
      return in.body.find(text) != std::string::npos;
    };
    return may && (holds(R"("dryRun":["All"])") || holds("\x2a\003All"));
  }

  static std::string TargetOf(const httplib::Request& in) {
    if (!IsDryInBody(in)) return in.target;
    return in.target + (in.target.find('?') == std::string::npos ? "?" : "&") +
           "dryRun=All";
  }

  void Answer(const httplib::Request& in, httplib::Response& out) {
    const std::string target = TargetOf(in);
    ApiRequest request{in.method, target, in.get_header_value("Accept"),
                       in.get_header_value("Content-Type"), in.body};
    const std::string who = in.ssl == nullptr ? "" : WhoAsks(in);
    const bool nobody = in.ssl != nullptr && who.empty();
    const ApiResponse response =
        nobody ? Failure(401, "Unauthorized", "say who asks")
               : api.Handle(request);
    // Before the answer leaves: who has the answer finds the line in the log.
    log.Write(in.method + " " + target + " -> " +
              std::to_string(response.status) +
              (who.empty() ? "" : " as " + who));
    out.status = response.status;
    if (response.watch) {
      Stream(store, *response.watch, out);
    } else {
      out.set_content(response.body, response.content_type);
    }
  }
};

HttpServer::HttpServer(Api& api, Store& store, RequestLog& log,
                       const TlsFiles& tls)
    : impl_(new Impl{api, store, log, MakeServer(tls), -1}) {
  httplib::Server& http = *impl_->http;
  http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  // A connection per request: an idle one would hold a thread.
  http.set_keep_alive_max_count(1);
  http.set_tcp_nodelay(true);
  http.set_socket_options([this](int socket) {
    impl_->socket = socket;
    // A cluster that is started again gets its port back: the connections of
    // the one before are still winding down.
    const int yes = 1;
    (void)setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  auto answer = [this](const httplib::Request& in, httplib::Response& out) {
    impl_->Answer(in, out);
  };
  http.Get(".*", answer);
  http.Post(".*", answer);
  http.Put(".*", answer);
  http.Patch(".*", answer);
  http.Delete(".*", answer);
}

HttpServer::~HttpServer() = default;

int HttpServer::Bind(int port) {
  if (!impl_->http->is_valid()) return -1;
  if (port == 0) {
    port = impl_->http->bind_to_any_port("127.0.0.1");
  } else if (!impl_->http->bind_to_port("127.0.0.1", port)) {
    port = -1;
  }
  if (port > 0) listen(impl_->socket, kBacklog);
  return port;
}

void HttpServer::Serve() { impl_->http->listen_after_bind(); }

}  // namespace gatehouse::sample
