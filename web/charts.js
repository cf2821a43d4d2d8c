// Draws every chart of the page from the data beside it; again when the language, the colours or the width change.
import * as echarts from 'echarts/core';
import { BarChart, CustomChart, HeatmapChart, LineChart, LinesChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent, GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapContinuousComponent,
} from 'echarts/components';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';

import { bars } from './charts/bars.js';
import { heat } from './charts/heat.js';
import { lines } from './charts/lines.js';
import { map } from './charts/map.js';
import { tornado } from './charts/tornado.js';
import { palette } from './palette.js';

echarts.use([
  BarChart, CustomChart, HeatmapChart, LineChart, LinesChart, ScatterChart,
  AriaComponent, GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapContinuousComponent,
  LabelLayout, SVGRenderer,
]);

const kinds = { bars, heat, lines, map, tornado };
const data = JSON.parse(document.getElementById('charts').textContent);
// Under names of our own: to a map called "china" ECharts would add islands and lines that are not in the data.
const maps = {
  extents: new Map(), // name -> [west, east]
  nameOf: (outlines) => `outlines of ${outlines}`,
  add(name, outlines) {
    echarts.registerMap(name, outlines);
    const longitudes = outlines.features.flatMap((one) => one.geometry.coordinates.flat(Infinity).filter((_, i) => i % 2 === 0));
    maps.extents.set(name, longitudes.reduce(([west, east], x) => [Math.min(west, x), Math.max(east, x)], [180, -180]));
  },
};
for (const [id, outlines] of Object.entries(data.outlines)) maps.add(maps.nameOf(id), outlines);

const dark = matchMedia('(prefers-color-scheme: dark)');
let printing = false;

// What a chart needs to know of the page around it.
function surroundings(element) {
  const chinese = document.documentElement.lang !== 'en';
  return {
    say: (words) => (chinese && words.zh) || words.en,
    chinese,
    colours: palette(dark.matches && !printing),
    width: element.clientWidth,
    maps,
  };
}

function option(chart) {
  const page = surroundings(chart.element);
  const { ink, faint, line, card } = page.colours;
  const own = kinds[chart.data.kind](chart.data, page);
  const legend = own.legend && {
    left: 0, top: 0, itemWidth: 14, itemHeight: 10, itemGap: 14, padding: [2, 4], inactiveColor: faint,
    textStyle: { color: ink, fontSize: 12 }, ...own.legend,
  };
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    aria: { enabled: true, label: { description: chart.element.getAttribute('aria-label') } },
    ...own,
    legend,
    tooltip: {
      confine: true, backgroundColor: card, borderColor: line, textStyle: { color: ink, fontSize: 12 },
      extraCssText: 'max-width: 22rem; white-space: normal;', ...own.tooltip,
    },
  };
}

const charts = [];
const draw = (chart) => chart.plot.setOption(option(chart), { notMerge: true });
const drawAll = () => charts.forEach(draw);

// Arrow keys walk through what a pointer would touch; Escape leaves it.
function walkByKeys(chart) {
  let at = { series: 0, item: -1 };
  const counts = () => chart.plot.getOption().series.map((one) => (one.silent ? 0 : one.data.length));
  const step = (by) => {
    const sizes = counts();
    if (sizes.every((size) => size === 0)) return;
    let { series, item } = at;
    item += by;
    while (item < 0 || item >= sizes[series]) {
      series = (series + by + sizes.length) % sizes.length;
      item = by > 0 ? 0 : sizes[series] - 1;
      if (sizes[series] === 0) item = by > 0 ? sizes[series] : -1;
    }
    at = { series, item };
    chart.plot.dispatchAction({ type: 'showTip', seriesIndex: series, dataIndex: item });
  };
  chart.element.addEventListener('keydown', (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by) step(by);
    else if (event.key === 'Escape') chart.plot.dispatchAction({ type: 'hideTip' });
    else return;
    event.preventDefault();
  });
  chart.element.addEventListener('blur', () => chart.plot.dispatchAction({ type: 'hideTip' }));
}

for (const element of document.querySelectorAll('.plot')) {
  const chart = { element, data: data.charts[Number(element.dataset.chart)] };
  chart.plot = echarts.init(element, null, { renderer: 'svg' });
  draw(chart);
  walkByKeys(chart);
  charts.push(chart);
  let width = element.clientWidth;
  new ResizeObserver(() => {
    if (element.clientWidth === width || element.clientWidth === 0) return;
    width = element.clientWidth;
    chart.plot.resize();
    draw(chart);
  }).observe(element);
}

document.addEventListener('languagechosen', drawAll);
dark.addEventListener('change', drawAll);
addEventListener('beforeprint', () => { printing = true; drawAll(); });
addEventListener('afterprint', () => { printing = false; drawAll(); });
