// SPDX-License-Identifier: Apache-2.0
// As in audit/digest: SHA-256 without OpenSSL's providers.
#define OPENSSL_API_COMPAT 10101
#include "policy/policy_text.h"

#include <openssl/sha.h>

#include <array>

namespace gatehouse {
namespace {

std::string UnderItsName(const RuleFile& file) {
  return "\n---\n# " + file.source.name + "\n" + file.source.text;
}

}  // namespace

std::string HashOf(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(digest.data(), &context);
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "sha256:";
  for (const unsigned char byte : digest) {
    out += kHex[byte >> 4];
    out += kHex[byte & 0xF];
  }
  return out;
}

std::string PolicyText(const std::vector<RuleFile>& files,
                       const CompileOptions& options) {
  std::string text = files.front().source.text;
  for (std::size_t i = 1; i < files.size(); ++i) {
    text += UnderItsName(files[i]);
  }
  for (const auto& [name, values] : options.settings) {
    text += "\n# --set " + name + "=";
    for (const std::string& value : values) text += value + ",";
  }
  for (const RuleFile& file : options.system) text += UnderItsName(file);
  return text;
}

}  // namespace gatehouse
