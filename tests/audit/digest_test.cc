// SPDX-License-Identifier: Apache-2.0
// Published answers (FIPS 180-4 examples, RFC 4231): with any other digest no
// trail verifies anywhere else.
#include "audit/digest.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <set>
#include <string>

namespace gatehouse::audit {
namespace {

TEST(Sha256, GivesThePublishedAnswers) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc",
       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  Sha256 hasher;  // one for all: each digest starts anew
  for (const auto& [text, hex] : rows) {
    EXPECT_EQ(Hex(hasher.Add(text).Finish()), hex) << text.size();
    const std::string_view view(text);
    const std::size_t half = view.size() / 2;
    hasher.Add(view.substr(0, half)).Add("").Add(view.substr(half));
    EXPECT_EQ(Hex(hasher.Finish()), hex) << text.size() << " in parts";
  }
  EXPECT_EQ(hasher.Finish().size(), kDigestBytes);
}

TEST(Sha256, CountsEveryByteEvenNul) {
  Sha256 hasher;
  EXPECT_NE(hasher.Add(std::string_view("a\0b", 3)).Finish(),
            hasher.Add("a").Finish());
}

TEST(Hmac, GivesThePublishedAnswers) {
  struct Row {
    std::string key;
    std::string text;
    const char* hex;
  };
  const Row rows[] = {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {std::string(131, '\xaa'),
       "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Hex(HmacSha256(row.key, row.text)), row.hex);
    Hmac hmac(row.key);  // one for many: each digest starts anew
    const std::string_view text = row.text;
    EXPECT_EQ(Hex(hmac.Add(text).Finish()), row.hex);
    EXPECT_EQ(Hex(hmac.Add(text.substr(0, 3)).Add(text.substr(3)).Finish()),
              row.hex);
  }
}

// Ours is RFC 2104 over libcrypto's SHA-256; libcrypto's own is the check, for
// keys shorter than a block, as long, and longer.
TEST(Hmac, IsLibcryptosOwn) {
  for (std::size_t size = 0; size <= 130; ++size) {
    std::string key(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
      key[i] = static_cast<char>(i * 7 + 1);
    const std::string text(size * 3, 't');
    std::string expected(kDigestBytes, '\0');
    unsigned written = 0;
    ASSERT_NE(
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(),
             reinterpret_cast<unsigned char*>(expected.data()), &written),
        nullptr);
    EXPECT_EQ(HmacSha256(key, text), expected) << size;
  }
}

TEST(Hmac, TakesAnEmptyKeyForOne) {
  EXPECT_EQ(Hex(HmacSha256("", "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Hex, IsLowerCaseAndTwoDigitsForEachByte) {
  EXPECT_EQ(Hex(std::string_view("\x00\x0f\xa0\xff\x7f", 5)), "000fa0ff7f");
  EXPECT_EQ(Hex(""), "");
}

TEST(RandomBytes, AreAsManyAsAskedAndNeverTheSame) {
  for (std::size_t count : {0u, 1u, 16u, 32u, 1000u}) {
    EXPECT_EQ(RandomBytes(count).size(), count);
  }
  EXPECT_NE(RandomBytes(32), RandomBytes(32));
  // The kernel gives more than 256 bytes in parts: none may stay zero.
  EXPECT_NE(RandomBytes(1000).substr(984), std::string(16, '\0'));
}

TEST(RandomStore, GivesEachByteOnce) {
  RandomStore store;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < 4 * RandomStore::kHeld / 16; ++i) {
    const std::string taken = store.Take(16);
    EXPECT_EQ(taken.size(), 16u);
    EXPECT_TRUE(seen.insert(taken).second) << i;
  }
  EXPECT_EQ(store.Take(RandomStore::kHeld).size(), RandomStore::kHeld);
}

}  // namespace
}  // namespace gatehouse::audit
