// SPDX-License-Identifier: Apache-2.0
#pragma once
// The URIs of a server's resources, as a profile spells them: literal text with
// variables, "k8s://{namespace}/pods". Reads a URI against one; what the
// variables mean is the profile's business. Not RFC 6570: there is one kind of
// variable, and it never spans a "/".

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

// Immutable after construction.
class UriTemplate {
 public:
  struct Value {
    std::string variable;
    std::string text;
  };

  // nullopt where a brace has no partner, a variable no name, or two variables
  // touch (where one ends could then be read in two ways).
  static std::optional<UriTemplate> Parse(std::string_view text);

  // The variables' texts, none of them empty; nullopt where `uri` is not of
  // this form. The whole URI is compared byte for byte: another case, an
  // escape, a query, a fragment or a further part is another form, since
  // servers differ in what they make of one.
  std::optional<std::vector<Value>> Match(std::string_view uri) const;

  const std::string& text() const { return text_; }
  // In the order in which they stand.
  const std::vector<std::string>& variables() const { return variables_; }

 private:
  std::string text_;
  std::vector<std::string> literals_;  // one more than there are variables
  std::vector<std::string> variables_;
};

}  // namespace gatehouse
