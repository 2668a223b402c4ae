// SPDX-License-Identifier: Apache-2.0
#include "audit/digest.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
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

Hmac::Hmac(std::string_view key)
    : method_(EVP_MAC_fetch(nullptr, "HMAC", nullptr)),
      context_(method_ == nullptr ? nullptr : EVP_MAC_CTX_new(method_)) {
  Must(context_ != nullptr);
  char hash[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash, 0),
      OSSL_PARAM_construct_end()};
  // No key at all would mean "the one before".
  Must(EVP_MAC_init(context_, Bytes(key.empty() ? "" : key), key.size(),
                    parameters) == 1);
}

Hmac::~Hmac() {
  EVP_MAC_CTX_free(context_);
  EVP_MAC_free(method_);
}

void Hmac::Start() { Must(EVP_MAC_init(context_, nullptr, 0, nullptr) == 1); }

Hmac& Hmac::Add(std::string_view bytes) {
  Must(EVP_MAC_update(context_, Bytes(bytes), bytes.size()) == 1);
  return *this;
}

std::string Hmac::Finish() {
  std::string digest(kDigestBytes, '\0');
  std::size_t size = 0;
  auto* out = reinterpret_cast<unsigned char*>(digest.data());
  Must(EVP_MAC_final(context_, out, &size, digest.size()) == 1);
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
  return Hmac(key).Add(text).Finish();
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

std::string RandomStore::Take(std::size_t count) {
  Must(count <= kHeld);
  if (held_.size() < count) held_ = RandomBytes(kHeld);
  std::string taken = held_.substr(held_.size() - count);
  held_.erase(held_.size() - count);
  return taken;
}

std::string UuidV7Of(std::int64_t unix_ms, std::string random) {
  for (std::size_t i = 0; i < 6; ++i) {
    random[i] = static_cast<char>((unix_ms >> (40 - 8 * i)) & 0xff);
  }
  random[6] = static_cast<char>((random[6] & 0x0f) | 0x70);  // version 7
  random[8] = static_cast<char>((random[8] & 0x3f) | 0x80);  // its variant
  const std::string hex = Hex(random);
  std::string text(hex, 0, 8);
  for (const std::size_t group : {8u, 12u, 16u}) {
    text.append("-").append(hex, group, 4);
  }
  return text.append("-").append(hex, 20);
}

}  // namespace gatehouse::audit
