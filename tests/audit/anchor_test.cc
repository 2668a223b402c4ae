// SPDX-License-Identifier: Apache-2.0
#include "audit/anchor.h"

#include <gtest/gtest.h>

#include "audit/digest.h"
#include "audit/signing.h"
#include "audit/utc_time.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

Anchor Sample() {
  return {{"01900000-0000-7000-8000-000000000001", 42,
           std::string(kDigestBytes, '\x0a')},
          1'767'225'600'000'000'001,
          "",
          ""};
}

Anchor Signed() {
  Anchor anchor = Sample();
  anchor.key_id = "0011223344556677";
  anchor.signature = std::string(kSignatureBytes, '\x55');
  return anchor;
}

TEST(Anchor, IsOneLine) {
  EXPECT_EQ(FormatAnchor(Sample()),
            "gatehouse-anchor 1 chain=01900000-0000-7000-8000-000000000001 "
            "size=42 head=" +
                Hex(std::string(32, '\x0a')) +
                " time=2026-01-01T00:00:00.000000001Z");
  EXPECT_EQ(FormatAnchor(Signed()),
            FormatAnchor(Sample()) +
                " key=0011223344556677 sig=" + Hex(std::string(64, '\x55')));
}

TEST(Anchor, IsReadWhereItStandsAlsoInALog) {
  for (const Anchor& anchor : {Sample(), Signed()}) {
    const std::string line = FormatAnchor(anchor);
    for (const std::string& text :
         {line, line + "\r", line + "  ",
          "Jan  1 00:00:00 host gatehouse[7]: " + line}) {
      const ReadAnchorLine read = ParseAnchor(text);
      EXPECT_EQ(read.kind, AnchorLine::kAnchor) << text;
      EXPECT_EQ(read.anchor, anchor) << text;
    }
  }
}

// No letter of it can change unseen: the result is another anchor, or none.
TEST(Anchor, ReadsNothingElseAsTheSame) {
  const std::string line = FormatAnchor(Signed());
  for (std::size_t i = 0; i < line.size(); ++i) {
    for (const char letter : std::string("0aZ =\n")) {
      std::string other = line;
      if (other[i] == letter) continue;
      other[i] = letter;
      const ReadAnchorLine read = ParseAnchor(other);
      if (read.kind != AnchorLine::kAnchor) continue;
      EXPECT_NE(read.anchor, Signed()) << other;
    }
    // All that can be cut off is the whole signature, which is missed where
    // a key was given.
    const ReadAnchorLine cut = ParseAnchor(line.substr(0, i));
    if (cut.kind == AnchorLine::kAnchor) {
      EXPECT_EQ(cut.anchor, Sample()) << i;
    }
  }
}

TEST(Anchor, TellsABrokenLineFromAnother) {
  EXPECT_EQ(ParseAnchor("Started guard.").kind, AnchorLine::kOther);
  EXPECT_EQ(ParseAnchor("").kind, AnchorLine::kOther);
  const std::string line = FormatAnchor(Sample());
  for (const std::string& broken :
       {line + " more", line.substr(0, line.size() - 1),
        "gatehouse-anchor 2" + line.substr(18),
        std::string("gatehouse-anchor 1 "),
        std::string("gatehouse-anchor 1 chain=x size=-1 head= time=")}) {
    EXPECT_EQ(ParseAnchor(broken).kind, AnchorLine::kBroken) << broken;
  }
}

TEST(UtcTime, IsReadAsItIsWritten) {
  for (const std::int64_t time_ns :
       {std::int64_t{0}, std::int64_t{1'767'225'600'000'000'001},
        NowNanoseconds()}) {
    EXPECT_EQ(ParseUtc(FormatUtc(time_ns)), time_ns);
  }
  for (const char* bad :
       {"", "2026-02-30T00:00:00.000000000Z", "2026-01-01T00:00:00Z",
        "2026-01-01", "2026-01-01T00:00:00.000000000Z "}) {
    EXPECT_EQ(ParseUtc(bad), std::nullopt) << bad;
  }
}

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
