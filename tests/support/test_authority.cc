// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_authority.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <cstdlib>

namespace gatehouse::testing {
namespace {

constexpr long kDay = 24L * 60 * 60;

void Require(bool done) {
  if (!done) std::abort();
}

std::string Read(BIO* memory) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  std::string read(text, static_cast<std::size_t>(size));
  BIO_free(memory);
  return read;
}

}  // namespace

TestAuthority::TestAuthority()
    : key_(NewKey()),
      certificate_(NewCertificate("gatehouse-test-ca", key_.get())) {
  X509* own = certificate_.get();
  Require(X509_set_issuer_name(own, X509_get_subject_name(own)) == 1);
  Add(own, {NID_basic_constraints, "critical,CA:TRUE"});
  Add(own, {NID_key_usage, "critical,keyCertSign"});
  Require(X509_sign(own, key_.get(), EVP_sha256()) != 0);
  own_ = InPem(own, key_.get());
}

TestIdentity TestAuthority::IssueForServer() const {
  return Issue("sample-cluster", "IP:127.0.0.1", "serverAuth");
}

TestIdentity TestAuthority::IssueFor(const std::string& name) const {
  return Issue(name, nullptr, "clientAuth");
}

TestAuthority::Key TestAuthority::NewKey() {
  Key key(EVP_EC_gen("P-256"));
  Require(key != nullptr);
  return key;
}

TestAuthority::Certificate TestAuthority::NewCertificate(
    const std::string& name, EVP_PKEY* key) {
  Certificate made(X509_new());
  Require(made != nullptr);
  X509* certificate = made.get();
  std::uint32_t serial = 0;
  Require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial),
                     sizeof serial) == 1);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), kDay);
  X509_NAME_add_entry_by_txt(
      X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  Require(X509_set_pubkey(certificate, key) == 1);
  return made;
}

void TestAuthority::Add(X509* certificate, const Extension& extension) {
  X509_EXTENSION* made =
      X509V3_EXT_conf_nid(nullptr, nullptr, extension.kind, extension.value);
  Require(made != nullptr && X509_add_ext(certificate, made, -1) == 1);
  X509_EXTENSION_free(made);
}

TestIdentity TestAuthority::InPem(X509* certificate, EVP_PKEY* key) {
  BIO* certificate_out = BIO_new(BIO_s_mem());
  BIO* key_out = BIO_new(BIO_s_mem());
  Require(PEM_write_bio_X509(certificate_out, certificate) == 1);
  Require(PEM_write_bio_PrivateKey(key_out, key, nullptr, nullptr, 0, nullptr,
                                   nullptr) == 1);
  return {Read(certificate_out), Read(key_out)};
}

TestIdentity TestAuthority::Issue(const std::string& name,
                                  const char* alternative,
                                  const char* usage) const {
  const Key key = NewKey();
  const Certificate made = NewCertificate(name, key.get());
  X509* certificate = made.get();
  Require(X509_set_issuer_name(certificate,
                               X509_get_subject_name(certificate_.get())) == 1);
  if (alternative != nullptr) {
    Add(certificate, {NID_subject_alt_name, alternative});
  }
  Add(certificate, {NID_ext_key_usage, usage});
  Require(X509_sign(certificate, key_.get(), EVP_sha256()) != 0);
  return InPem(certificate, key.get());
}

std::string Base64(const std::string& text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

}  // namespace gatehouse::testing
