// One list of columns, three looks: text, CSV and JSON. A new column is one new line.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace scission {

/// A column of rows of type `Row`. Null values are empty cells.
template <typename Row>
struct Column {
  std::string name;  ///< with its unit: "output_bytes"
  std::function<nlohmann::ordered_json(const Row&)> value;
};

/// Cells, the header first; every row has as many.
using Cells = std::vector<std::vector<nlohmann::ordered_json>>;

/// RFC 4180, with a line feed at the end of each row.
std::string CellsToCsv(const Cells& cells);

/// Columns padded to their widest cell, numbers to the right with thousands apart.
std::string CellsToText(const Cells& cells);

template <typename Row>
Cells MakeCells(const std::vector<Column<Row>>& columns, const std::vector<Row>& rows) {
  Cells cells(1);
  for (const Column<Row>& column : columns) cells[0].emplace_back(column.name);
  for (const Row& row : rows) {
    auto& line = cells.emplace_back();
    for (const Column<Row>& column : columns) line.push_back(column.value(row));
  }
  return cells;
}

/// One object, its members named as the columns.
template <typename Row>
nlohmann::ordered_json RowToJson(const std::vector<Column<Row>>& columns, const Row& row) {
  auto json = nlohmann::ordered_json::object();
  for (const Column<Row>& column : columns) json[column.name] = column.value(row);
  return json;
}

}  // namespace scission
