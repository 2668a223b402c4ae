// SPDX-License-Identifier: Apache-2.0
#include "audit/anchor.h"

#include <gtest/gtest.h>

#include "audit/digest.h"
#include "audit/signing.h"

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

}  // namespace
}  // namespace gatehouse::audit
