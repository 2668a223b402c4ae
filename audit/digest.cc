// SPDX-License-Identifier: Apache-2.0
// OpenSSL 3 would rather have all go through its providers, to load which takes
// as long as all else that a start does with a policy; by this line it offers
// what 1.1.1 did.
#define OPENSSL_API_COMPAT 10101
#include "audit/digest.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>

#include "audit/must.h"

namespace gatehouse::audit {
namespace {

// Ends the context.
std::string Take(SHA256_CTX& context) {
  std::string digest(kDigestBytes, '\0');
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &context);
  return digest;
}

SHA256_CTX StartWith(std::array<unsigned char, SHA256_CBLOCK> block,
                     unsigned char pad) {
  for (unsigned char& byte : block) byte ^= pad;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, block.data(), block.size());
  OPENSSL_cleanse(block.data(), block.size());
  return context;
}

}  // namespace

Sha256::Sha256() : context_(std::make_unique<SHA256_CTX>()) {
  SHA256_Init(context_.get());
}

Sha256::~Sha256() = default;

Sha256& Sha256::Add(std::string_view bytes) {
  SHA256_Update(context_.get(), bytes.data(), bytes.size());
  return *this;
}

std::string Sha256::Finish() {
  std::string digest = Take(*context_);
  SHA256_Init(context_.get());
  return digest;
}

// `inner` and `outer` have taken the key: each text begins where they stand.
struct Hmac::Contexts {
  SHA256_CTX inner;
  SHA256_CTX outer;
  SHA256_CTX text;
};

Hmac::Hmac(std::string_view key) : contexts_(std::make_unique<Contexts>()) {
  std::array<unsigned char, SHA256_CBLOCK> block{};
  const std::string hashed =
      key.size() > block.size() ? Sha256().Add(key).Finish() : std::string();
  if (!hashed.empty()) key = hashed;
  std::copy(key.begin(), key.end(), block.begin());
  contexts_->inner = StartWith(block, 0x36);
  contexts_->outer = StartWith(block, 0x5c);
  contexts_->text = contexts_->inner;
  OPENSSL_cleanse(block.data(), block.size());
}

Hmac::~Hmac() { OPENSSL_cleanse(contexts_.get(), sizeof(Contexts)); }

Hmac& Hmac::Add(std::string_view bytes) {
  SHA256_Update(&contexts_->text, bytes.data(), bytes.size());
  return *this;
}

std::string Hmac::Finish() {
  const std::string inner = Take(contexts_->text);
  contexts_->text = contexts_->inner;
  SHA256_CTX outer = contexts_->outer;
  SHA256_Update(&outer, inner.data(), inner.size());
  return Take(outer);
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(bytes.size() * 2, '\0');
  char* to = text.data();
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    *to++ = kDigits[value >> 4];
    *to++ = kDigits[value & 15];
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
