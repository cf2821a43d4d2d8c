#include "hinterland/impact/drivers_page.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "hinterland/report/figure.hpp"

namespace hinterland {

TableBlock drivers_block(const Words& result, const std::vector<Driver>& drivers) {
  TableBlock block{
      .caption = {"What " + result.en + " follows: the drawn figures it is most correlated with, by rank",
                  result.zh + "随什么而变：与之秩相关最强的抽取数值"},
      .columns = {{{"figure", "数值"}},
                  {{"as it stands", "现值"}, Align::right},
                  {{"from", "低"}, Align::right},
                  {{"to", "高"}, Align::right},
                  {{"rank correlation", "秩相关"}, Align::right}},
      .rows = {}};
  for (const Driver& one : drivers)
    block.rows.push_back({one.figure, compact(one.central), compact(one.low), compact(one.high),
                          fmt::format("{:+.2f}", one.correlation)});
  return block;
}

nlohmann::ordered_json drivers_json(const std::vector<Driver>& drivers) {
  auto list = nlohmann::ordered_json::array();
  for (const Driver& one : drivers)
    list.push_back({{"figure", one.figure},
                    {"low", one.low},
                    {"central", one.central},
                    {"high", one.high},
                    {"rank_correlation", one.correlation}});
  return list;
}

}  // namespace hinterland
