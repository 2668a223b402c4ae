// SPDX-License-Identifier: Apache-2.0
#include "audit/signing.h"

#include <gtest/gtest.h>

#include "audit/anchor.h"
#include "audit/digest.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

class SigningTest : public TrailTest {};

TEST_F(SigningTest, SignsAndVerifies) {
  const std::string path = folder_ + "/anchor.key";
  const auto made = Ed25519Key::Make(path);
  ASSERT_TRUE(made.ok()) << made.error().sentence;
  EXPECT_FALSE(Ed25519Key::Make(path).ok());  // never over another
  const auto key = Ed25519Key::ReadPrivate(path);
  ASSERT_TRUE(key.ok()) << key.error().sentence;
  EXPECT_EQ(key.value().id(), made.value().id());
  EXPECT_EQ(key.value().id().size(), 16u);

  const std::string pub = folder_ + "/anchor.pub";
  std::ofstream(pub) << key.value().PublicPem();
  const auto reader = Ed25519Key::ReadPublic(pub);
  ASSERT_TRUE(reader.ok()) << reader.error().sentence;
  EXPECT_EQ(reader.value().id(), key.value().id());

  const std::string signature = key.value().Sign("a text");
  EXPECT_EQ(signature.size(), kSignatureBytes);
  EXPECT_TRUE(reader.value().Verify("a text", signature));
  EXPECT_FALSE(reader.value().Verify("a tExt", signature));
  EXPECT_FALSE(reader.value().Verify("a text", signature.substr(1)));
  EXPECT_FALSE(reader.value().Verify("a text", ""));
  const auto other = Ed25519Key::Make(folder_ + "/other.key");
  EXPECT_FALSE(other.value().Verify("a text", signature));
}

TEST_F(SigningTest, RefusesWhatIsNoKeyOrIsReadByOthers) {
  const std::string path = folder_ + "/anchor.key";
  EXPECT_EQ(Ed25519Key::ReadPrivate(path).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(Ed25519Key::Make(path).ok());
  std::filesystem::permissions(path, std::filesystem::perms(0640));
  EXPECT_EQ(Ed25519Key::ReadPrivate(path).error().code, ErrorCode::kPermission);
  std::ofstream(path + ".no") << "-----BEGIN PRIVATE KEY-----\nAAAA\n";
  std::filesystem::permissions(path + ".no", std::filesystem::perms(0600));
  EXPECT_EQ(Ed25519Key::ReadPrivate(path + ".no").error().code,
            ErrorCode::kInvalid);
  // A private key is no public one: nobody hands it out by mistake.
  EXPECT_EQ(Ed25519Key::ReadPublic(path).error().code, ErrorCode::kInvalid);
}

// As PEM may be written, and as it may not.
TEST_F(SigningTest, ReadsPemAsOthersWriteIt) {
  const std::string path = folder_ + "/anchor.pub";
  const std::string pem =
      Ed25519Key::Make(folder_ + "/anchor.key").value().PublicPem();
  const std::string begin = pem.substr(0, pem.find('\n'));
  const std::string text = pem.substr(begin.size() + 1, 60);
  const std::string end = "-----END PUBLIC KEY-----\n";
  ASSERT_EQ(begin + "\n" + text + "\n" + end, pem);
  const std::string half = text.substr(30);
  for (const std::string& good :
       {pem, "ED25519 Public-Key:\n" + pem,
        begin + "\r\n" + text + "\r\n" + end,
        begin + "\n" + text.substr(0, 30) + "\n" + half + "\n" + end}) {
    std::ofstream(path) << good;
    EXPECT_TRUE(Ed25519Key::ReadPublic(path).ok()) << good;
  }
  for (const std::string& bad :
       {begin + "\n" + text + "\n", begin + "\n" + half + "\n" + end,
        begin + "\n" + text + text + "\n" + end,
        begin + "\n" + text + "!\n" + end,
        begin + "\nAAAA" + text.substr(4) + "\n" + end, text, begin}) {
    std::ofstream(path) << bad;
    EXPECT_FALSE(Ed25519Key::ReadPublic(path).ok()) << bad;
  }
}

// RFC 8032, section 7.1, test 2: our keys and signatures are everybody's.
class StandardKeyTest : public SigningTest {
 protected:
  Ed25519Key Key() const {
    const std::string path = folder_ + "/rfc.key";
    std::ofstream(path) << "-----BEGIN PRIVATE KEY-----\n"
                           "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNau"
                           "mJNqM9u1PuKb7\n"
                           "-----END PRIVATE KEY-----\n";
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    auto key = Ed25519Key::ReadPrivate(path);
    EXPECT_TRUE(key.ok()) << key.error().sentence;
    return std::move(key).value();
  }
};

TEST_F(StandardKeyTest, SignsAsTheStandardDoes) {
  EXPECT_EQ(Hex(Key().Sign("\x72")),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

// The example that audit/FORMAT.md works out: a promise to strangers.
TEST_F(StandardKeyTest, MakesTheExampleOfFormatMd) {
  const Ed25519Key key = Key();
  Anchor anchor{{"01900000-0000-7000-8000-000000000001", 1,
                 *Unhex("0a361025fb4b3e380e0df78faa050520"
                        "0c5213a64d7c844d8771187b9f7c0cdb")},
                1'767'225'601'000'000'000,
                key.id(),
                ""};
  anchor.signature = key.Sign(AnchorText(anchor));
  const std::string page =
      ReadWholeFile(GATEHOUSE_SOURCE_DIR "/audit/FORMAT.md");
  EXPECT_NE(page.find("\n" + FormatAnchor(anchor) + "\n"), std::string::npos)
      << "FORMAT.md should hold:\n"
      << FormatAnchor(anchor);
}

}  // namespace
}  // namespace gatehouse::audit
