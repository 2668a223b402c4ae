// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

namespace gatehouse::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 4;

struct Letter {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

Letter FirstLetter(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  char32_t code = lead & (0xffu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return {};
    code = (code << 6) | (next & 0x3f);
  }
  return {code, bytes, true};
}

bool Steers(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad ||
         (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
         (code >= 0xe0000 && code <= 0xe007f);
}

// One column for each code point: near enough for names of Kubernetes things.
std::size_t WidthOf(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

std::string Clip(const std::string& text, std::size_t width) {
  if (WidthOf(text) <= width) return text;
  std::size_t end = 0;
  for (std::size_t seen = 0; seen + 1 < width; ++seen) {
    end += FirstLetter(std::string_view(text).substr(end)).bytes;
  }
  return text.substr(0, end) + "\u2026";
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Letter letter = FirstLetter(text);
    if (letter.valid && !Steers(letter.code)) {
      out += text.substr(0, letter.bytes);
    } else {
      out += '?';
    }
    text.remove_prefix(letter.bytes);
  }
  return out;
}

std::string CutTo(std::string_view text, std::size_t width) {
  return Clip(Printable(text), width);
}

std::string FitTo(std::string_view text, std::size_t width) {
  std::string fitted = CutTo(text, width);
  fitted.append(width - WidthOf(fitted), ' ');
  return fitted;
}

Table::Table(std::vector<std::string> titles) {
  std::vector<Cell> row;
  row.reserve(titles.size());
  for (std::string& title : titles) row.push_back({std::move(title)});
  for (Cell& cell : row) cell.style = Style::kStrong;
  rows_.push_back(std::move(row));
}

void Table::Add(std::vector<Cell> row) {
  for (Cell& cell : row) cell.text = Printable(cell.text);
  row.resize(rows_.front().size());
  rows_.push_back(std::move(row));
}

// The widest column gives way first.
std::vector<std::size_t> Table::FitColumns(std::size_t width) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const std::vector<Cell>& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], WidthOf(row[i].text));
    }
  }
  const std::size_t gaps = kGap * (widths.size() - 1);
  while (std::accumulate(widths.begin(), widths.end(), gaps) > width) {
    const auto widest = std::ranges::max_element(widths);
    if (*widest <= kNarrowest) break;
    --*widest;
  }
  return widths;
}

std::string Table::Render(std::size_t width) const {
  const std::vector<std::size_t> widths = FitColumns(width);
  std::string out;
  for (const std::vector<Cell>& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string text = Clip(row[i].text, widths[i]);
      const bool last = i + 1 == row.size();
      out += Styled(row[i].style, text);
      if (!last) out.append(widths[i] - WidthOf(text) + kGap, ' ');
    }
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  return out;
}

}  // namespace gatehouse::cli
