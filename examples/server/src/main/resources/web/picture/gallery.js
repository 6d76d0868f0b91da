/** The pictures that come with the page, drawn for it. The descriptions are what a screen reader says. */

const DRAWINGS = [
  { file: 'lighthouse.svg', title: 'Lighthouse', description: 'A sailing boat passes a striped lighthouse at sunset' },
  { file: 'camp.svg', title: 'Camp', description: 'A lit tent by a mountain lake under a starry sky' },
  { file: 'breakfast.svg', title: 'Breakfast', description: 'A table with coffee, fried eggs, toast and an orange' },
  { file: 'cat.svg', title: 'Cat', description: 'A ginger cat on a window sill between house plants, rain outside' },
  { file: 'street.svg', title: 'Street', description: 'A red tram in a street of colorful houses' },
  { file: 'balloons.svg', title: 'Balloons', description: 'Three hot-air balloons over green hills with a winding river' },
];

/** The drawings, or the scenes that the nano model knows; each with the `url` of its file. */
export function gallery(nano) {
  return nano === null
    ? DRAWINGS.map((drawing) => ({ ...drawing, url: `gallery/${drawing.file}` }))
    : nano.pictures.map(({ file, title }) => ({ url: `nano/${file}`, title, description: `A drawing of ${title}` }));
}
