// SPDX-License-Identifier: Apache-2.0
// Any template and any URI, one a line. A URI that is of the template's form
// is put together again from the variables' texts, byte for byte; no text is
// empty or spans a "/". So what a rule is asked about is all that is there.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "policy/kubernetes/uri_template.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// The template with its variables' texts in their places.
std::string Filled(std::string_view text,
                   const std::vector<gatehouse::UriTemplate::Value>& values) {
  std::string filled;
  std::size_t next = 0;
  while (!text.empty()) {
    if (text.front() != '{') {
      filled += text.front();
      text.remove_prefix(1);
      continue;
    }
    const std::size_t end = text.find('}');
    Require(end != std::string_view::npos && next < values.size());
    Require(values[next].variable == text.substr(1, end - 1));
    filled += values[next++].text;
    text.remove_prefix(end + 1);
  }
  Require(next == values.size());
  return filled;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\n');
  const auto form = gatehouse::UriTemplate::Parse(text.substr(0, end));
  if (!form.has_value()) return 0;
  Require(form->text() == text.substr(0, end));
  if (end == std::string_view::npos) return 0;
  const std::string_view uri = text.substr(end + 1);
  const auto values = form->Match(uri);
  if (!values.has_value()) return 0;
  Require(values->size() == form->variables().size());
  for (const auto& value : *values) {
    Require(!value.text.empty());
    Require(value.text.find('/') == std::string::npos);
  }
  Require(Filled(form->text(), *values) == uri);
  return 0;
}
