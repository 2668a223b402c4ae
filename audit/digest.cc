// SPDX-License-Identifier: Apache-2.0
#include "audit/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>

namespace gatehouse::audit {
namespace {

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void Must(bool worked) {
  if (!worked) std::abort();
}

}  // namespace

// Fetched once: EVP_sha256() would look the algorithm up at every digest.
Sha256::Sha256()
    : method_(EVP_MD_fetch(nullptr, "SHA256", nullptr)),
      context_(EVP_MD_CTX_new()) {
  Must(method_ != nullptr && context_ != nullptr);
  Start();
}

Sha256::~Sha256() {
  EVP_MD_CTX_free(context_);
  EVP_MD_free(method_);
}

void Sha256::Start() {
  Must(EVP_DigestInit_ex2(context_, method_, nullptr) == 1);
}

Sha256& Sha256::Add(std::string_view bytes) {
  Must(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
  return *this;
}

std::string Sha256::Finish() {
  std::string digest(kDigestBytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(digest.data());
  Must(EVP_DigestFinal_ex(context_, out, nullptr) == 1);
  Start();
  return digest;
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4];
    text += kDigits[value & 15];
  }
  return text;
}

std::optional<std::string> Unhex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned value = 0;
    const auto [end, fault] =
        std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    if (fault != std::errc{} || end != hex.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

std::string HmacSha256(std::string_view key, std::string_view text) {
  std::string digest(kDigestBytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(digest.data());
  unsigned int size = 0;
  Must(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(text),
            text.size(), out, &size) != nullptr);
  return digest;
}

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    Must(got > 0);
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace gatehouse::audit
