// SPDX-License-Identifier: Apache-2.0
#include "cli/store_options.h"

#include <utility>

#include "policy/time_text.h"

namespace gatehouse::cli {
namespace {

constexpr std::uint64_t kMebibyte = 1u << 20;

// After AsSizeValue: a number of bytes, or 0 for none.
std::function<std::string(const std::string&)> AtLeast(std::uint64_t least,
                                                       std::string text) {
  return [least, text = std::move(text)](const std::string& bytes) {
    const std::uint64_t number = std::stoull(bytes);
    return number == 0 || number >= least ? std::string()
                                          : "must be 0 or at least " + text;
  };
}

std::string CheckDuration(const std::string& text) {
  return ReadDuration(text) ? "" : "takes a time such as 12h, 30d or 1w";
}

std::chrono::seconds Duration(const std::string& text) {
  return ReadDuration(text).value_or(std::chrono::seconds(0));
}

}  // namespace

void AddStoreOptions(Command command, StoreChoice& choice) {
  command.Add("--db", choice.database, "The audit database")
      .Environment("GATEHOUSE_DB")
      .Word("FILE");
  command
      .Add("--db-quota", choice.quota,
           "The audit database's greatest size, from 16M; where it is "
           "used up, calls are refused (0: only the disk's)")
      .AsSize()
      .Check(AtLeast(16 * kMebibyte, "16M"))
      .Environment("GATEHOUSE_DB_QUOTA")
      .Word("SIZE");
  command
      .Add("--segment-size", choice.segment_size,
           "Records go to a file of their own beside the database once "
           "it is so big (0: never)")
      .AsSize()
      .Check(AtLeast(kMebibyte, "1M"))
      .Environment("GATEHOUSE_SEGMENT_SIZE")
      .Word("SIZE")
      .ShowDefault("512M");
  command
      .Add("--segment-age", choice.segment_age,
           "The same once the oldest record is so old, such as 30d")
      .Check(CheckDuration)
      .Environment("GATEHOUSE_SEGMENT_AGE")
      .Word("TIME");
  command
      .Add("--retention", choice.retention,
           "`audit prune` never lets go of records younger than this; "
           "kept in the trail, and only ever raised")
      .Check(CheckDuration)
      .Environment("GATEHOUSE_RETENTION")
      .Word("TIME");
}

audit::SinkOptions StoreOptionsOf(const StoreChoice& choice) {
  audit::SinkOptions options;
  options.max_bytes = choice.quota;
  options.segment_bytes = choice.segment_size;
  options.segment_age = Duration(choice.segment_age);
  options.retention = Duration(choice.retention);
  return options;
}

}  // namespace gatehouse::cli
