// SPDX-License-Identifier: Apache-2.0
// Random objects, some of them Secrets, some with fields whose names say that
// they are secret, written as JSON (plain, spaced, with odd escapes) or YAML
// (every style of scalar): what is masked parses to the same shape, holds every
// other value as it was, and no secret raw, in base64 or escaped.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "audit/base64.h"
#include "audit/json_string.h"
#include "audit/redact.h"
#include "policy/document.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse::audit {
namespace {

// Seeds; `nightly` sets more.
unsigned Cases() {
  const char* sweep = std::getenv("GATEHOUSE_SWEEP");
  return sweep == nullptr ? 250 : static_cast<unsigned>(std::atoi(sweep));
}

// What one random text is made of.
struct Made {
  std::string text;
  std::vector<std::string> secrets;  // as they are
  std::vector<std::string> plain;    // values that must stay
};

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  Made Json() {
    made_ = {};
    made_.text = Object(0, true);
    return made_;
  }
  Made Yaml() {
    made_ = {};
    for (int i = 0; i < 1 + Pick(3); ++i) {
      if (i > 0) made_.text += "---\n";
      Document();
    }
    return made_;
  }

 private:
  int Pick(int count) {
    return static_cast<int>(random_() % static_cast<unsigned>(count));
  }
  std::string Word(std::string_view start) {
    std::string word(start);
    for (int i = 0; i < 12; ++i) word += "abcdefgh0123JKLM"[Pick(16)];
    return word;
  }
  std::string Secret() {
    made_.secrets.push_back(Word("S3c"));
    return made_.secrets.back();
  }
  std::string Plain() {
    made_.plain.push_back(Word("v"));
    return made_.plain.back();
  }

  // Some letters escaped, which a careless search would not see.
  std::string Quoted(const std::string& text) {
    if (Pick(3) != 0) return QuoteJson(text);
    constexpr char kHex[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (Pick(4) == 0 && byte < 0x80) {
        out += std::string("\\u00") + kHex[byte >> 4] + kHex[byte & 15];
      } else {
        out += QuoteJson(std::string(1, c)).substr(1);
        out.pop_back();
      }
    }
    return out + "\"";
  }

  std::string Space() { return Pick(4) == 0 ? "\n  " : ""; }

  std::string Object(int depth, bool may_be_secret) {
    const bool secret = may_be_secret && Pick(2) == 0;
    std::vector<std::string> members;
    if (secret) {
      members.push_back("\"kind\":" + Space() + "\"Secret\"");
      members.push_back("\"data\":{\"a\":" + Quoted(ToBase64(Secret())) +
                        ",\"b\":" + Quoted(ToBase64(Secret())) + "}");
    } else {
      members.push_back("\"kind\":\"Pod\"");
    }
    if (Pick(2) == 0) members.push_back("\"api_key\":" + Quoted(Secret()));
    members.push_back("\"x" + std::to_string(Pick(9)) +
                      "\":" + Quoted(Plain()));
    if (Pick(2) == 0) {
      members.push_back("\"n\":[1,true,null," + Quoted(Plain()) + "]");
    }
    if (depth < 3 && Pick(2) == 0) {
      members.push_back("\"o\":" + Object(depth + 1, !secret));
    }
    if (depth < 2 && Pick(3) == 0) {
      members.push_back("\"text\":" + Quoted(Object(depth + 2, !secret)));
    }
    std::shuffle(members.begin(), members.end(), random_);
    std::string out = "{";
    for (const std::string& member : members) {
      out += (out.size() > 1 ? "," : "") + Space() + member;
    }
    return out + Space() + "}";
  }

  // A scalar of any style, `indent` columns deep where it has lines.
  std::string Scalar(const std::string& value, const std::string& indent) {
    switch (Pick(6)) {
      case 0:
        return Quoted(value);
      case 1:
        return "'" + value + "'";
      case 2:
        return "|\n" + indent + "  one\n" + indent + "  " + value;
      case 3:
        return ">-\n" + indent + "  one\n\n" + indent + "  " + value;
      case 4:
        return "one two\n" + indent + "  " + value;
      default:
        return value;
    }
  }

  void Document() {
    const bool secret = Pick(2) == 0;
    std::vector<std::string> parts;
    parts.push_back(secret ? "kind: Secret\n" : "kind: Pod\n");
    if (secret) {
      parts.push_back("data:\n  a: " + ToBase64(Secret()) +
                      "\n  b: " + Scalar(ToBase64(Secret()), "  ") + "\n");
      parts.push_back("stringData:\n  c: " + Scalar(Secret(), "  ") + "\n");
    }
    if (Pick(2) == 0) {
      parts.push_back(
          "spec:\n- name: DB_PASSWORD\n  value: " + Scalar(Secret(), "  ") +
          "\n- name: x\n  value: " + Plain() + "\n");
    }
    if (Pick(2) == 0) parts.push_back("dbPassword: " + Secret() + "\n");
    parts.push_back("other:\n  x: " + Scalar(Plain(), "  ") + "\n");
    std::shuffle(parts.begin(), parts.end(), random_);
    for (const std::string& part : parts) made_.text += part;
  }

  std::mt19937 random_;
  Made made_;
};

// Keys and kinds of values, without the values.
std::string ShapeOf(const JsonValue& value) {
  switch (KindOf(value)) {
    case JsonKind::kArray: {
      std::string shape = "[";
      for (const JsonValue* element : Elements(value)) {
        shape += ShapeOf(*element) + ",";
      }
      return shape + "]";
    }
    case JsonKind::kObject: {
      std::string shape = "{";
      for (const auto& [key, member] : Members(value)) {
        shape += std::string(key) + ":" + ShapeOf(*member) + ",";
      }
      return shape + "}";
    }
    default:
      return ".";
  }
}

std::string ShapeOf(const YamlNode& node) {
  std::string shape;
  for (const YamlNode& item : node.items) shape += ShapeOf(item) + ",";
  for (const YamlMember& member : node.members) {
    shape += member.key + ":" + ShapeOf(member.value) + ",";
  }
  return (node.kind == NodeKind::kList  ? "["
          : node.kind == NodeKind::kMap ? "{"
                                        : ".") +
         shape;
}

std::string YamlShape(const std::string& text) {
  Issues issues;
  std::string shape;
  for (const YamlNode& document : ReadYaml({"t", text}, issues)) {
    shape += ShapeOf(document) + "\n";
  }
  EXPECT_FALSE(issues.HasErrors()) << text;
  return shape;
}

std::string MaskedText(const std::string& text) {
  const std::string line =
      R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":)" +
      QuoteJson(text) + "}]}}";
  // Slow to make; kept for a few texts, whose values are not each other's.
  static int uses = 0;
  static Redactor redactor(std::string(32, 'k'), "s");
  if (++uses % 20 == 0) redactor = Redactor(std::string(32, 'k'), "s");
  const MaskedLine masked = redactor.MaskLine(line, {});
  const auto value = ParseJson(masked.line.value_or(line));
  EXPECT_TRUE(value.ok());
  if (!value.ok()) return "";
  const JsonValue* content =
      Member(*Member(value.value(), "result"), "content");
  return std::string(*StringMember(*Elements(*content)[0], "text"));
}

void ExpectMasked(const Made& made, const std::string& masked) {
  // All escapes undone, twice, for texts inside of texts.
  const std::string seen =
      masked + UnescapeJson(masked) + UnescapeJson(UnescapeJson(masked));
  for (const std::string& secret : made.secrets) {
    EXPECT_EQ(seen.find(secret), std::string::npos) << made.text << masked;
    EXPECT_EQ(seen.find(ToBase64(secret)), std::string::npos)
        << made.text << masked;
  }
  for (const std::string& plain : made.plain) {
    EXPECT_NE(seen.find(plain), std::string::npos) << made.text << masked;
  }
}

TEST(RedactProperty, JsonKeepsItsShapeAndNoSecret) {
  for (unsigned seed = 0; seed < Cases(); ++seed) {
    const Made made = Maker(seed).Json();
    const std::string masked = MaskedText(made.text);
    const auto before = ParseJson(made.text);
    const auto after = ParseJson(masked);
    ASSERT_TRUE(before.ok() && after.ok()) << made.text << "\n" << masked;
    EXPECT_EQ(ShapeOf(after.value()), ShapeOf(before.value()));
    ExpectMasked(made, masked);
    if (::testing::Test::HasFailure()) break;
  }
}

TEST(RedactProperty, YamlKeepsItsShapeAndNoSecret) {
  for (unsigned seed = 0; seed < Cases(); ++seed) {
    const Made made = Maker(seed).Yaml();
    const std::string masked = MaskedText(made.text);
    EXPECT_EQ(YamlShape(masked), YamlShape(made.text)) << masked;
    ExpectMasked(made, masked);
    if (::testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace gatehouse::audit
