// Bars of stacked parts, one a row, with marks across (a floor, a ceiling).
import { compact, tip } from '../figure.js';
import { rowAxis, valueAxis } from './axes.js';

export function bars(block, page) {
  const { say, colours } = page;
  const names = block.rows.map(say);
  const rows = rowAxis(page, names);
  const parts = block.parts.map((part, i) => ({
    type: 'bar', name: say(part.name), stack: 'parts', barMaxWidth: 22, barCategoryGap: '32%', data: part.values,
    itemStyle: { color: colours.parts[i % colours.parts.length], borderColor: colours.card, borderWidth: 0.5 },
    emphasis: { focus: 'none' },
  }));
  // One symbol, one meaning, over all pages: a floor, a ceiling (of a home that is built, where two are shown), the
  // ceiling of a home that is sunk. A page gives its marks in this order.
  const marks = block.marks.map((mark, i) => ({
    type: 'scatter', name: say(mark.name), z: 5,
    symbol: ['triangle', 'diamond', 'circle', 'pin'][i % 4], symbolSize: i === 2 ? 8 : 11,
    itemStyle: { color: i === 0 ? colours.card : colours.ink, borderColor: colours.ink, borderWidth: 1.6 },
    data: mark.at.flatMap((value, row) => (value === null ? [] : [[value, row]])),
  }));
  return {
    grid: { left: rows.room, right: 24, top: 34 + 20 * Math.floor(legendLines(block, page)), bottom: 46 },
    legend: { data: [...parts, ...marks].map((one) => one.name) },
    xAxis: valueAxis(page, block.unit),
    yAxis: rows.axis,
    series: [...parts, ...marks],
    tooltip: {
      trigger: 'axis', axisPointer: { type: 'shadow' },
      formatter: (items) => {
        const row = items[0].axisType ? items[0].dataIndex : 0;
        const at = items.find((item) => item.seriesType === 'bar')?.dataIndex ?? items[0].value[1] ?? row;
        const total = block.parts.reduce((sum, part) => sum + (part.values[at] ?? 0), 0);
        return tip(names[at], [
          ...block.parts.map((part, i) => [parts[i] && dot(parts[i].itemStyle.color), parts[i].name, compact(part.values[at])]),
          ['', page.chinese ? '合计' : 'total', `${compact(total)} ${block.unit}`],
          ...block.marks.filter((mark) => mark.at[at] !== null).map((mark) => ['', say(mark.name), compact(mark.at[at])]),
        ]);
      },
    },
  };
}

const dot = (colour) => `<span style="display:inline-block;width:.7em;height:.7em;border-radius:2px;margin-right:.5em;background:${colour}"></span>`;

// How many lines more than one the legend will need.
function legendLines(block, { say, width }) {
  const letters = [...block.parts, ...block.marks].reduce((sum, one) => sum + say(one.name).length * (say(one.name).charCodeAt(0) > 255 ? 12 : 7) + 34, 0);
  return Math.max(0, Math.ceil(letters / Math.max(width - 10, 100)) - 1);
}
