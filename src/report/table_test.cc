#include "report/table.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

struct Row {
  std::string name;
  std::int64_t count;
};

const std::vector<Column<Row>> kColumns = {
    {"name", [](const Row& row) { return row.name; }},
    {"count", [](const Row& row) { return row.count; }},
    {"big", [](const Row& row) { return row.count > 9 ? nlohmann::ordered_json(true) : nullptr; }},
};
const std::vector<Row> kRows = {{"a,\"b\"", 1234567}, {"\xc3\xa9", -3}};

TEST(Table, QuotesCsvCellsThatNeedIt) {
  EXPECT_EQ(CellsToCsv(MakeCells(kColumns, kRows)),
            "name,count,big\n\"a,\"\"b\"\"\",1234567,true\n\xc3\xa9,-3,\n");
}

TEST(Table, AlignsNumbersRightAndTextLeft) {
  EXPECT_EQ(CellsToText(MakeCells(kColumns, kRows)),
            "name       count  big\n"
            "a,\"b\"  1 234 567  yes\n"
            "\xc3\xa9             -3\n");
}

TEST(Table, GivesObjectsWithTheColumnsAsMembers) {
  EXPECT_EQ(RowToJson(kColumns, kRows[1]).dump(),
            "{\"name\":\"\xc3\xa9\",\"count\":-3,\"big\":null}");
}

}  // namespace
}  // namespace scission
