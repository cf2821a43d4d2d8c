// Axes as all charts have them.
import { compact, shortened, textWidth } from '../figure.js';

export function valueAxis({ colours, width }, name, more = {}, text = compact) {
  return {
    type: 'value', name, nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: colours.faint },
    splitNumber: width < 480 ? 3 : 6,
    axisLine: { show: false }, axisTick: { show: false },
    axisLabel: { color: colours.faint, formatter: text, hideOverlap: true },
    splitLine: { lineStyle: { color: colours.line } },
    ...more,
  };
}

// How high a legend above a chart is: its items stand in as many rows as it takes.
export function legendRoom({ width }, names, itemWidth) {
  const [gap, beside, height] = [14, 5, 20]; // between items, beside a sign, of a row; in px, as charts.js has them
  let [rows, x] = [1, 0];
  for (const name of names) {
    const item = itemWidth + beside + textWidth(name) * 7 + gap;
    if (x > 0 && x + item > width) [rows, x] = [rows + 1, 0];
    x += item;
  }
  return rows * height;
}

// One label a row, the first on top. `room` is what the grid must leave to its left.
export function rowAxis({ colours, width }, names) {
  const most = Math.max(8, Math.floor(width / (width < 480 ? 22 : 26)));
  const longest = Math.min(most, Math.max(...names.map(textWidth), 1));
  return {
    room: Math.ceil(longest * 6.6) + 18,
    axis: {
      type: 'category', data: names, inverse: true,
      axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false },
      axisLabel: { color: colours.ink, interval: 0, formatter: (name) => shortened(name, most) },
    },
  };
}
