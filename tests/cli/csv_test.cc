// SPDX-License-Identifier: Apache-2.0
#include "cli/csv.h"

#include <gtest/gtest.h>

namespace gatehouse::cli {
namespace {

TEST(Csv, RunsNoFormula) {
  const struct {
    const char* text;
    const char* cell;
  } kRows[] = {
      {"", "\"\""},
      {"pods", "\"pods\""},
      {"a,b", "\"a,b\""},
      {"a\"b", "\"a\"\"b\""},
      {"a\nb", "\"a\nb\""},
      {"=1+1", "\"'=1+1\""},
      {"+1", "\"'+1\""},
      {"-1", "\"'-1\""},
      {"@SUM(A1)", "\"'@SUM(A1)\""},
      {"\t=1", "\"'\t=1\""},
      {"\r=1", "\"'\r=1\""},
      {"\n=1", "\"'\n=1\""},
      {"a=1", "\"a=1\""},
  };
  for (const auto& row : kRows) EXPECT_EQ(CsvCell(row.text), row.cell);
  EXPECT_EQ(CsvLine({"a", "=b", ""}), "\"a\",\"'=b\",\"\"\r\n");
}

}  // namespace
}  // namespace gatehouse::cli
