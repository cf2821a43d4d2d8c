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
  const places = ids.map((id, i) => ({
    type: 'scatter', coordinateSystem: 'geo', name: nameOf(id), z: id === 'home' || id === 'best' ? 6 : 5,
    symbol: SYMBOLS[id] ?? 'circle',
    itemStyle: { color: colour(id, i), borderColor: id === 'refused' ? colour(id, i) : colours.card, borderWidth: id === 'refused' ? 2 : 1 },
    data: block.places.map((place, index) => ({ place, index })).filter(({ place }) => place.group === id).map(({ place, index }) => ({
      name: say(place.name), value: at(place), text: say(place.text), label: { position: side(place, index) },
      // The two that matter are large, whatever their power; so their names win where names would overlap.
      symbolSize: Math.max((width < 480 ? 7 : 9) + 14 * Math.sqrt(place.size), id === 'home' || id === 'best' ? (width < 480 ? 14 : 22) : 0),
    })),
    label: {
      show: true, formatter: ({ name }) => shortened(name, LONGEST), distance: 4, fontSize: id === 'home' || id === 'best' ? 13 : 11,
      fontWeight: id === 'home' || id === 'best' ? 'bold' : 'normal', color: colours.ink,
      textBorderColor: colours.land, textBorderWidth: 3,
    },
    labelLayout: { hideOverlap: true, moveOverlap: 'shiftY' },
  }));
  const paths = {
    type: 'lines', coordinateSystem: 'geo', name: page.chinese ? '路径' : 'paths', z: 4, symbol: ['none', 'arrow'], symbolSize: 11,
    data: block.lines.map((line) => ({
      coords: [at(block.places[line.from]), at(block.places[line.to])], text: say(line.text),
      name: `${say(block.places[line.from].name)} → ${say(block.places[line.to].name)}`,
      lineStyle: { color: colours.ink, width: line.strong ? 2.5 : 1, opacity: line.strong ? 0.85 : 0.4, curveness: 0.22 },
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
