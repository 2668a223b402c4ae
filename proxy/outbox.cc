// SPDX-License-Identifier: Apache-2.0
#include "proxy/outbox.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse {
namespace {

// Small lines are joined (a copy is cheaper than an iovec), big ones are not.
constexpr std::size_t kJoinBelow = 16 << 10;
constexpr std::size_t kPartsPerWrite = 64;

}  // namespace

void Outbox::Add(std::string bytes) {
  if (bytes.empty()) return;
  pending_ += bytes.size();
  const bool join =
      !parts_.empty() && parts_.back().size() + bytes.size() <= kJoinBelow;
  if (join) {
    parts_.back() += bytes;
  } else {
    parts_.push_back(std::move(bytes));
  }
}

IoResult Outbox::Flush(Stream& to) {
  while (pending_ > 0) {
    std::array<iovec, kPartsPerWrite> vectors = {};
    const std::size_t count = std::min(parts_.size(), kPartsPerWrite);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t skip = i == 0 ? offset_ : 0;
      vectors[i] = {parts_[i].data() + skip, parts_[i].size() - skip};
    }
    const IoResult written = to.Write(std::span(vectors).first(count));
    if (written.state != IoState::kMoved) return written;
    Drop(written.bytes);
  }
  return {IoState::kMoved, 0, 0};
}

void Outbox::Drop(std::size_t bytes) {
  pending_ -= bytes;
  bytes += offset_;
  while (!parts_.empty() && bytes >= parts_.front().size()) {
    bytes -= parts_.front().size();
    parts_.pop_front();
  }
  offset_ = bytes;
}

void Outbox::Append(Outbox& other) {
  for (std::string& part : other.parts_) Add(std::move(part));
  other.Clear();
}

void Outbox::Clear() {
  parts_.clear();
  offset_ = 0;
  pending_ = 0;
}

}  // namespace gatehouse
