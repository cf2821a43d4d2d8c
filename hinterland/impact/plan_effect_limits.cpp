#include "hinterland/impact/plan_effect_limits.hpp"

#include <fmt/format.h>

namespace hinterland {

std::vector<Paragraph> plan_effect_limits(const PlanEffect& effect) {
  std::vector<Paragraph> out;
  if (effect.interrupted)
    out.push_back({.text = {fmt::format("Interrupted: {} of {} draws were made.",
                                        effect.drawn.size() + effect.left_out, effect.options.draws),
                            fmt::format("已中断：{} 次抽样中完成 {} 次。", effect.options.draws,
                                        effect.drawn.size() + effect.left_out)}});
  const IoSource& source = *effect.economy->source;
  out.push_back(
      {.text = {
           fmt::format(
               "Model: Leontief multipliers of the input-output table {} with households, made a "
               "region's by Flegg's location quotients; people at work of {}. {} figures have a range, "
               "{} draws. Direct: whom the project itself pays; indirect: its suppliers and theirs; "
               "induced: where pay is spent. A year of the plan is taken for every year, and its hours "
               "for all hours.",
               source.id.text, effect.economy->employment_year, effect.drawn_figures, effect.drawn.size()),
           fmt::format(
               "模型：投入产出表 {} 的列昂惕夫乘数（含居民部门），以 Flegg 区位商区域化；就业为 {} "
               "年。{} 个带区间的数值，{} 次抽样。直接：项目自身所付；间接：其供应商及再上游；诱发：薪"
               "酬消费之处。以规划的一年代表各年。",
               source.id.text, effect.economy->employment_year, effect.drawn_figures, effect.drawn.size())}});
  out.push_back(
      {.text = {
           "What it does not say. Investment a job is money paid once, while servers wear out and are bought "
           "again several times in the life of a building, so that a job over such a life costs more. No "
           "province's own table or shares of industries were opened: a province "
           "has its row of the coast or the hinterland, off by a factor that is drawn. Productivity is the "
           "nation's in every region, at the prices of the table's year, so jobs of later years are too "
           "many by inflation and growth. Nobody is taken from another job, no wage or price rises, no "
           "power "
           "or water runs short; suppliers' profits are taken to stay. Other uses are taken to leak "
           "neither "
           "pay nor return, and to sell what they make; building them is not compared, nor what the "
           "computing "
           "itself is worth to its users. It adds a plan's capacity and is no forecast of GDP.",
           "未说明的：每个岗位的投资为一次性金额，而在建筑寿命内服务器须多次更换，故岗位的全期成本更高。"
           "未取得任何省份的投入产出表或行业份额；各省按沿海或腹地的行取值，并抽取偏离倍数。各地"
           "劳"
           "动生产率取全国值，价格为表年价格，因此后续年份的岗位因通胀与增长而偏多。未计从其他岗位转来的人"
           "、"
           "工资与价格上涨、电水短缺；供应商利润视为留在当地。其他用途视为薪酬与回报不外流且产品售得出；其"
           "建"
           "设期与算力对用户的价值未比较。不是对生产总值的预测。"}});
  return out;
}

}  // namespace hinterland
