// Columns of text, as wide as their widest cell.

#ifndef HCS_CLIENT_HCSCTL_TABLE_H_
#define HCS_CLIENT_HCSCTL_TABLE_H_

#include <string>
#include <vector>

namespace hcs::ctl {

class Table {
 public:
  explicit Table(std::vector<std::string> headings) { rows_.push_back(std::move(headings)); }

  // As many cells as there are headings. What a cell holds is made printable.
  void AddRow(std::vector<std::string> cells);

  // Every line ends with '\n'; there are no blanks at its end.
  std::string Text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_TABLE_H_
