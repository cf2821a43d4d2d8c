// Places and paths over schematic outlines.
import { escaped, shortened, textWidth } from '../figure.js';

const LONGEST = 30; // of a name on the map
const ASPECT = 0.82; // degrees of longitude to those of latitude
const SYMBOLS = { home: 'rect', best: 'diamond', allowed: 'circle', refused: 'emptyCircle' };

// An atlas without outlines: a box around its places, which is not drawn.
function boxAround(places) {
  const margin = 3;
  const x = places.map((place) => place.longitude_deg);
  const y = places.map((place) => place.latitude_deg);
  const [west, east] = [Math.min(...x) - margin, Math.max(...x) + margin];
  const [south, north] = [Math.min(...y) - margin, Math.max(...y) + margin];
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  return { type: 'FeatureCollection', features: [{ type: 'Feature', properties: { name: '' }, geometry: { type: 'Polygon', coordinates: [ring] } }] };
}

export function map(block, page) {
  const { say, colours, width, maps } = page;
  let outlines = maps.nameOf(block.outlines);
  const known = maps.extents.has(outlines);
  if (!known) maps.add(outlines = `around ${block.caption.en}`, boxAround(block.places));
  const [west, east] = maps.extents.get(outlines);
  // A name goes away from the paths of its place, so that none strikes through it, and where the map leaves it room:
  // else right of its place, or left near the eastern edge.
  const room = (degrees) => (width * degrees) / (east - west);
  const side = (place, index) => {
    const length = textWidth(shortened(say(place.name), LONGEST)) * 7.2 + 16;
    const fits = { right: length <= room(east - place.longitude_deg), left: length <= room(place.longitude_deg - west) };
    let [x, y] = [0, 0]; // where its paths come from
    for (const line of block.lines.filter(({ from, to }) => from === index || to === index)) {
      const other = block.places[line.from === index ? line.to : line.from];
      x += (other.longitude_deg - place.longitude_deg) * ASPECT;
      y += other.latitude_deg - place.latitude_deg;
    }
    if (Math.abs(y) > 2 * Math.abs(x)) return y > 0 ? 'bottom' : 'top';
    const away = x > 0 ? 'left' : 'right';
    return fits[away] || !fits[away === 'left' ? 'right' : 'left'] ? away : away === 'left' ? 'right' : 'left';
  };
  const at = (place) => [place.longitude_deg, place.latitude_deg];
  const colour = (group, i) => colours.groups[group] ?? colours.parts[i % colours.parts.length];
  const ids = [...block.groups.map((group) => group.id), ...block.places.map((place) => place.group)]
    .filter((id, i, all) => all.indexOf(id) === i && block.places.some((place) => place.group === id));
  const nameOf = (id) => {
    const group = block.groups.find((one) => one.id === id);
    return group ? say(group.name) : id;
  };
  // The home of one question and its best place matter; where there are many of them, their sizes do.
  const matters = (id) => (id === 'home' || id === 'best') && block.places.filter((place) => place.group === id).length === 1;
  const places = ids.map((id, i) => ({
    type: 'scatter', coordinateSystem: 'geo', name: nameOf(id), z: matters(id) ? 6 : id === 'refused' ? 4 : 5,
    symbol: SYMBOLS[id] ?? 'circle',
    itemStyle: { color: colour(id, i), borderColor: id === 'refused' ? colour(id, i) : colours.card, borderWidth: id === 'refused' ? 2 : 1 },
    data: block.places.map((place, index) => ({ place, index })).filter(({ place }) => place.group === id).map(({ place, index }) => ({
      name: say(place.name), value: at(place), text: say(place.text), label: { position: side(place, index), show: index === block.places.findIndex((one) => one.name.en === place.name.en) },
      // (a name that stands twice, once for what is idle there, is written once)
      // Those that matter are large, whatever their power; so their names win where names would overlap.
      symbolSize: Math.max((width < 480 ? 7 : 9) + 14 * Math.sqrt(place.size), matters(id) ? (width < 480 ? 14 : 22) : 0),
    })),
    label: {
      show: true, formatter: ({ name }) => shortened(name, LONGEST), distance: 4, fontSize: matters(id) ? 13 : 11,
      fontWeight: matters(id) ? 'bold' : 'normal', color: colours.ink,
      textBorderColor: colours.land, textBorderWidth: 3,
    },
    labelLayout: { hideOverlap: true, moveOverlap: 'shiftY' },
  }));
  // Lines that carry amounts are as wide as these; their heads grow less, so that a wide one is still a line.
  const amounts = block.lines.some((line) => line.size > 0);
  const widest = width < 480 ? 7 : 11;
  const look = (line) => {
    const own = amounts
      ? { width: Math.max(0.75, widest * line.size), opacity: 0.45 }
      : { width: line.strong ? 2.5 : 1, opacity: line.strong ? 0.85 : 0.4 };
    return { symbolSize: amounts ? 5 + own.width : 11, lineStyle: { color: colours.ink, curveness: 0.22, ...own } };
  };
  const paths = {
    type: 'lines', coordinateSystem: 'geo', name: page.chinese ? '路径' : 'paths', z: 3, symbol: ['none', 'arrow'], symbolSize: 11,
    data: block.lines.map((line) => ({
      coords: [at(block.places[line.from]), at(block.places[line.to])], text: say(line.text),
      name: `${say(block.places[line.from].name)} → ${say(block.places[line.to].name)}`,
      ...look(line),
    })),
  };
  return {
    legend: { data: places.map((one) => one.name), bottom: 0, top: 'auto' },
    geo: {
      map: outlines, roam: false, silent: true, aspectScale: ASPECT, left: 8, right: 8, top: 8, bottom: 34,
      itemStyle: { areaColor: known ? colours.land : 'transparent', borderColor: known ? colours.coast : 'transparent', borderWidth: 0.7 },
    },
    series: [paths, ...places],
    tooltip: { formatter: ({ name, data }) => `<b>${escaped(name)}</b><br>${escaped(data.text)}` },
  };
}
