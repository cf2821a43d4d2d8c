// One bar a field, from the result as it stands to where this field alone would bring it.
import { compact, tip } from '../figure.js';
import { rowAxis, valueAxis } from './axes.js';

export function tornado(block, page) {
  const { say, colours, chinese } = page;
  const names = block.bars.map((bar) => say(bar.name));
  const rows = rowAxis(page, names);
  const low = { name: chinese ? '取最低值时' : 'at its lowest', colour: colours.low, end: 'at_low', text: 'low_text' };
  const high = { name: chinese ? '取最高值时' : 'at its highest', colour: colours.high, end: 'at_high', text: 'high_text' };

  const side = (one) => ({
    type: 'custom', name: one.name, itemStyle: { color: one.colour }, encode: { x: [0, 2], y: 1 },
    data: block.bars.map((bar, row) => [bar[one.end], row, block.centre]),
    renderItem: (_, api) => {
      const row = api.value(1);
      const [end, y] = api.coord([api.value(0), row]);
      const [centre] = api.coord([block.centre, row]);
      const height = Math.min(20, api.size([0, 1])[1] * 0.6);
      const other = block.bars[row][one.end === 'at_low' ? 'at_high' : 'at_low'];
      // Where both ends lie on one side, the nearer one is drawn inside the other and says nothing.
      const alone = (api.value(0) - block.centre) * (other - block.centre) <= 0;
      const left = end < centre;
      return {
        type: 'group',
        children: [
          {
            type: 'rect',
            shape: { x: Math.min(end, centre), y: y - (alone ? height : height * (one.end === 'at_low' ? 1 : 0.5)) / 2, width: Math.max(1, Math.abs(end - centre)), height: alone ? height : height * (one.end === 'at_low' ? 1 : 0.5) },
            style: { fill: one.colour },
          },
          {
            type: 'text', silent: true,
            style: {
              text: alone ? say(block.bars[row][one.text]) : '', x: end + (left ? -5 : 5), y, fill: colours.faint, fontSize: 11,
              textAlign: left ? 'right' : 'left', textVerticalAlign: 'middle',
            },
          },
        ],
      };
    },
  });
  const centreLine = {
    type: 'custom', name: 'centre', silent: true, data: [[block.centre, 0]], encode: { x: 0 }, z: 4,
    renderItem: (parameters, api) => {
      const [x] = api.coord([block.centre, 0]);
      const { y, height } = parameters.coordSys;
      return { type: 'line', shape: { x1: x, y1: y, x2: x, y2: y + height }, style: { stroke: colours.ink, lineWidth: 1.5 } };
    },
  };
  const ends = block.bars.flatMap((bar) => [bar.at_low, bar.at_high]).concat(block.centre);
  const margin = (Math.max(...ends) - Math.min(...ends)) * (page.width < 480 ? 0.35 : 0.16) || 1;
  return {
    grid: { left: rows.room, right: 20, top: 34, bottom: 46 },
    legend: { data: [low.name, high.name] },
    xAxis: valueAxis(page, block.unit, { min: Math.min(...ends) - margin, max: Math.max(...ends) + margin, axisLabel: { color: colours.faint, formatter: compact, hideOverlap: true, showMinLabel: false, showMaxLabel: false } }),
    yAxis: rows.axis,
    series: [side(low), side(high), centreLine],
    tooltip: {
      formatter: ({ dataIndex }) => {
        const bar = block.bars[dataIndex];
        return tip(names[dataIndex], [
          ['', say(bar.low_text), `${compact(bar.at_low)} ${block.unit}`],
          ['', say(bar.high_text), `${compact(bar.at_high)} ${block.unit}`],
          ['', chinese ? '现值' : 'as it stands', `${compact(block.centre)} ${block.unit}`],
        ]);
      },
    },
  };
}
