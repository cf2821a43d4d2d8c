// Curves over a common x.
import { calendar, compact, tip } from '../figure.js';
import { legendRoom, valueAxis } from './axes.js';

export function lines(block, page) {
  const { say, colours } = page;
  const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]];
  const names = block.curves.map((curve) => say(curve.name));
  const xText = block.calendar ? calendar : compact;
  const xAxis = { min: 'dataMin', max: 'dataMax', splitLine: { show: false } };
  if (block.calendar) xAxis.minInterval = 1;
  const itemWidth = 24;
  const legend = names.length > 1 && { data: names, itemWidth };
  return {
    grid: { left: 58, right: 20, top: legend ? 20 + legendRoom(page, names, itemWidth) : 16, bottom: 46 },
    legend: legend || undefined,
    xAxis: valueAxis(page, say(block.x_name), xAxis, xText),
    yAxis: valueAxis(page, say(block.y_name), { nameGap: 44, scale: true }),
    series: block.curves.map((curve, i) => ({
      type: 'line', name: say(curve.name), showSymbol: false, sampling: 'minmax', connectNulls: false,
      data: block.x.map((x, at) => [x, curve.y[at]]),
      lineStyle: { width: 2, color: colours.parts[(i + 1) % colours.parts.length], type: dashes[Math.floor(i / 2) % 4] },
      itemStyle: { color: colours.parts[(i + 1) % colours.parts.length] },
      emphasis: { disabled: true },
    })),
    tooltip: {
      trigger: 'axis',
      formatter: (items) => tip(`${say(block.x_name)}: ${xText(items[0].value[0])}`,
        items.map((item) => [item.marker, item.seriesName, compact(item.value[1])])),
    },
  };
}
