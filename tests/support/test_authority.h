// SPDX-License-Identifier: Apache-2.0
#pragma once
// A certificate authority of one test: for a sample cluster with TLS, and for
// the clients that show it who they are. Keys are made anew each time, are
// valid for a day, and are worth nothing.

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace gatehouse::testing {

// In PEM.
struct TestIdentity {
  std::string certificate;
  std::string key;
};

// Owns its key. Aborts where OpenSSL fails. One thread.
class TestAuthority {
 public:
  TestAuthority();

  const std::string& certificate() const { return own_.certificate; }
  // Of a server at 127.0.0.1.
  TestIdentity IssueForServer() const;
  // Of a client with that common name.
  TestIdentity IssueFor(const std::string& name) const;

 private:
  struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
  using Certificate = std::unique_ptr<X509, FreeCertificate>;
  struct Extension {
    int kind;
    const char* value;
  };

  static Key NewKey();
  static Certificate NewCertificate(const std::string& name, EVP_PKEY* key);
  static void Add(X509* certificate, const Extension& extension);
  static TestIdentity InPem(X509* certificate, EVP_PKEY* key);
  TestIdentity Issue(const std::string& name, const char* alternative,
                     const char* usage) const;

  Key key_;
  Certificate certificate_;
  TestIdentity own_;
};

// As kubeconfigs hold certificates and keys in place of a path.
std::string Base64(const std::string& text);

}  // namespace gatehouse::testing
