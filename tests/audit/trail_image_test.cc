// SPDX-License-Identifier: Apache-2.0
#include "audit/trail_image.h"

#include <gtest/gtest.h>

#include "audit/sqlite_database.h"
#include "audit/sqlite_schema.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kImageChain = "01890a5d-ac96-774b-bcce-b302099a8057";

// But for the two bytes that say that it has a write-ahead log, which SQLite
// does not give a database in memory.
TEST(TrailImage, IsWhatTheSchemaMakesToTheByte) {
  auto database = Database::OpenInMemory();
  ASSERT_TRUE(database.ok());
  ASSERT_TRUE(CreateTrail(database.value(), std::string(kImageChain)).ok());
  std::string expected = database.value().Image().value();
  expected.replace(18, 2, "\2\2");
  EXPECT_TRUE(TrailImage(kImageChain) == expected);
}

TEST(TrailImage, HasTheChainsIdForItsOnlyPart) {
  const std::string image = TrailImage(kImageChain);
  EXPECT_EQ(image.find(kNoChain), std::string::npos);
  EXPECT_NE(image.find(kImageChain), std::string::npos);
  EXPECT_NE(TrailImage(kNoChain), image);
}

}  // namespace
}  // namespace gatehouse::audit
