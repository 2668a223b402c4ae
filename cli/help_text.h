// SPDX-License-Identifier: Apache-2.0
#pragma once
// How --help reads: what a person types, one option a paragraph, as wide as the
// terminal; not the parser's own words for it.

#include <memory>

namespace CLI {
class FormatterBase;
}  // namespace CLI

namespace gatehouse::cli {

std::shared_ptr<CLI::FormatterBase> HelpFormatter();

}  // namespace gatehouse::cli
