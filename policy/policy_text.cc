// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_text.h"

#include <openssl/evp.h>

#include <array>

namespace gatehouse {
namespace {

std::string UnderItsName(const RuleFile& file) {
  return "\n---\n# " + file.source.name + "\n" + file.source.text;
}

}  // namespace

std::string HashOf(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(),
             nullptr);
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "sha256:";
  for (unsigned int i = 0; i < size; ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 0xF];
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
