// A grid of colours, such as 12 months by 24 hours.
import { compact, tip } from '../figure.js';
import { rowAxis } from './axes.js';

export function heat(block, page) {
  const { say, colours, width } = page;
  const columns = block.columns.map(say);
  const names = block.rows.map(say);
  const rows = rowAxis(page, names);
  const cells = block.values.map((value, i) => [i % columns.length, Math.floor(i / columns.length), value ?? '-']);
  return {
    grid: { left: rows.room, right: 12, top: 10, bottom: 78 },
    xAxis: {
      type: 'category', data: columns, axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { color: colours.faint, interval: Math.ceil(columns.length / Math.max(4, width / 46)) - 1 },
    },
    yAxis: { ...rows.axis, axisLine: { show: false } },
    visualMap: {
      type: 'continuous', min: block.low, max: block.high, calculable: false, orient: 'horizontal', left: 'center', bottom: 4,
      itemWidth: 12, itemHeight: Math.min(220, width / 3), inRange: { color: colours.scale },
      text: [`${compact(block.high)} ${block.unit}`, block.high > block.low ? compact(block.low) : ''], textStyle: { color: colours.faint },
    },
    series: [{
      type: 'heatmap', data: cells, itemStyle: { borderColor: colours.card, borderWidth: 1 },
      emphasis: { itemStyle: { borderColor: colours.ink, borderWidth: 2 } },
    }],
    tooltip: {
      formatter: ({ value: [column, row, value] }) =>
        tip(`${names[row]} · ${columns[column]}`, [['', block.unit || (page.chinese ? '值' : 'value'), value === '-' ? '–' : precise(value, block)]]),
    },
  };
}

// Enough digits to tell neighbours apart, where all values lie close together (a PUE of 1.16 to 1.31).
function precise(value, { low, high }) {
  const step = (high - low) / 100;
  const digits = step > 0 ? Math.min(6, Math.max(0, -Math.floor(Math.log10(step)))) : 0;
  return step <= 0 || Math.abs(value) >= 1000 ? compact(value) : Number(value).toFixed(digits);
}
