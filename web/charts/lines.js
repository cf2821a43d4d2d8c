// Curves over a common x.
import { compact, tip } from '../figure.js';
import { valueAxis } from './axes.js';

export function lines(block, page) {
  const { say, colours, width } = page;
  const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]];
  return {
    grid: { left: 58, right: 20, top: block.curves.length > 1 ? 40 + (width < 480 ? 20 : 0) : 16, bottom: 46 },
    legend: block.curves.length > 1 ? { data: block.curves.map((curve) => say(curve.name)), itemWidth: 24 } : undefined,
    xAxis: valueAxis(page, say(block.x_name), { min: 'dataMin', max: 'dataMax', splitLine: { show: false } }),
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
      formatter: (items) => tip(`${say(block.x_name)}: ${compact(items[0].value[0])}`,
        items.map((item) => [item.marker, item.seriesName, compact(item.value[1])])),
    },
  };
}
