/*
 * Draws the visual identity of this extension: run by hand, only when the mark changes.
 * Its results are checked in; neither the build nor the packaged extension needs this file.
 *
 * The mark: a geometric "Z" whose diagonal is a key. The key's bow is the bend at the upper right,
 * its bits are the short tooth and the lower bar. All its drawings come from the one geometry
 * below (on a 16-unit grid), in a light weight for the icon font and a bold one for logo and icon.
 *
 *   logo.svg         the mark, bold, one colour (currentColor)
 *   icon.svg         the mark in two colours on the rounded deep-blue ground
 *   icon.png         256 x 256, the Marketplace icon                         <- sharp
 *   zeyos-logo.svg   the mark in the weight of VS Code's codicons, single path
 *   cloud-offline.svg a cloud crossed out, as codicons have none; single path
 *   zeyos-icons.woff the icon font: zeyos-logo at U+E900, cloud-offline at U+E901
 *                                                                            <- svgicons2svgfont, svg2ttf, ttf2woff
 *
 * The npm packages it needs are not dependencies of the project. Install them somewhere temporary:
 *
 *   mkdir -p /tmp/zeyos-media && cd /tmp/zeyos-media && npm init -y
 *   npm install svgicons2svgfont@15 svg2ttf@6 ttf2woff@3 sharp@0.35
 *   node <project>/media/build.mjs /tmp/zeyos-media
 *
 * The argument is the directory that holds their node_modules (default: the current directory).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';

const media = dirname(fileURLToPath(import.meta.url));
const toolRequire = createRequire(join(resolve(process.argv[2] ?? '.'), 'package.json'));
const load = async (name) => import(pathToFileURL(toolRequire.resolve(name)).href);

const GRID = 16;
const num = (value) => String(+value.toFixed(3));
const pt = (x, y) => `${num(x)} ${num(y)}`;

/*
 * The weights. `stroke`: line width; `bow`: outer radius of the key's ring; `edge`: free margin all
 * around; `tooth`: centre line and right end of the short tooth.
 * The glyph lies on the pixels of a 14 px font (the status bar's size), so that its bars are sharp there.
 */
const PIXEL = GRID / 14;
const GLYPH = { stroke: PIXEL, bow: 3 * PIXEL, edge: PIXEL, tooth: { y: 9.5 * PIXEL, x: 9 * PIXEL } };
const BOLD = { stroke: 1.8, bow: 4, edge: 1.1, tooth: { y: 10.6, x: 10.2 } };

/** The points all drawings share. The mark is symmetric about its margins; the diagonal lies at 45°. */
function skeleton({ stroke, bow, edge, tooth }) {
  const half = stroke / 2;
  const centre = { x: GRID - edge - bow, y: edge + bow };
  const sum = centre.x + centre.y; // the diagonal's centre line is x + y = sum
  const top = edge + half;
  const bottom = GRID - edge - half;
  return {
    stroke,
    half,
    bow,
    tooth,
    centre,
    sum,
    top,
    bottom,
    left: edge + half, // ends of the bars: the centres of their round caps
    right: GRID - edge - half,
    corner: sum - bottom, // where the diagonal meets the lower bar
  };
}

/** The mark as one closed outline plus the hole in the bow. */
function outline(weight) {
  const { stroke, half, bow, tooth, centre, sum, top, bottom, left, right, corner } = skeleton(weight);
  const arc = (radius, large, sweep, x, y) => `A${num(radius)} ${num(radius)} 0 ${large} ${sweep} ${pt(x, y)}`;
  const off = half * Math.SQRT1_2; // half a line's width, across the diagonal
  const far = Math.sqrt(bow ** 2 - half ** 2) * Math.SQRT1_2; // where the diagonal's edges leave the bow
  const lower = (y) => sum + half * Math.SQRT2 - y; // x on the diagonal's lower right edge
  const under = Math.sqrt(bow ** 2 - (bow - stroke) ** 2); // where the bow meets the upper bar's lower edge
  return [
    `M${pt(left, top - half)}`,
    `H${num(centre.x)}`,
    arc(bow, 1, 1, centre.x - far + off, centre.y + far + off),
    `L${pt(lower(tooth.y - half), tooth.y - half)}`,
    `H${num(tooth.x - half)}`,
    arc(half, 0, 1, tooth.x - half, tooth.y + half),
    `H${num(lower(tooth.y + half))}`,
    `L${pt(lower(bottom - half), bottom - half)}`,
    `H${num(right)}`,
    arc(half, 0, 1, right, bottom + half),
    `H${num(corner)}`,
    arc(half, 0, 1, corner - off, bottom - off),
    `L${pt(centre.x - far - off, centre.y + far - off)}`,
    arc(bow, 0, 1, centre.x - under, top + half),
    `H${num(left)}`,
    arc(half, 0, 1, left, top - half),
    'Z',
    `M${pt(centre.x + bow - stroke, centre.y)}`,
    arc(bow - stroke, 1, 0, centre.x - bow + stroke, centre.y),
    arc(bow - stroke, 1, 0, centre.x + bow - stroke, centre.y),
    'Z',
  ].join('');
}

const flat = (path) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16" fill="currentColor"><path d="${path}"/></svg>\n`;

/**
 * The cloud crossed out. Weight and box are those of codicons' `cloud` (line 1, x 1–15, y 3–13), and it is
 * crossed out the way codicons do it: the diagonal is joined to what lies below it, a gap parts it from what lies above.
 */
function cloudOffline() {
  const line = 1;
  const gap = 1;
  const floor = 13;
  const left = { x: 4, y: 10, r: 3 };
  const crown = { x: 7.5, y: 7.25, r: 4.25 };
  const right = { x: 11.5, y: 9.5, r: 3.5 };
  const [from, to] = [1.5, 14.5]; // ends of the diagonal y = x: the centres of its round caps
  const half = line / 2;
  const under = half * Math.SQRT2; // y - x on the diagonal's lower edge
  const over = -(half + gap) * Math.SQRT2; // y - x where the upper part of the cloud ends
  const off = half * Math.SQRT1_2;
  const inner = ({ x, y, r }) => ({ x, y, r: r - line });
  /** Where a circle crosses y = x + shift; side -1: the upper left crossing, 1: the lower right one. */
  const crossing = ({ x, y, r }, shift, side) => {
    const away = (x + shift - y) / 2;
    const at = x - away + side * Math.sqrt(r ** 2 / 2 - away ** 2);
    return [at, at + shift];
  };
  /** The upper of the two points where two circles meet, `a` being the one on the left. */
  const notch = (a, b) => {
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const span = Math.hypot(dx, dy);
    const along = (span ** 2 + a.r ** 2 - b.r ** 2) / (2 * span);
    const across = Math.sqrt(a.r ** 2 - along ** 2);
    return [a.x + (along * dx + across * dy) / span, a.y + (along * dy - across * dx) / span];
  };
  const arc = (r, large, sweep, [x, y]) => `A${num(r)} ${num(r)} 0 ${large} ${sweep} ${pt(x, y)}`;
  const [leftIn, crownIn, rightIn] = [left, crown, right].map(inner);
  return [
    // the diagonal, and the left part of the cloud around its lower edge
    `M${pt(from + off, from - off)}`,
    `L${pt(to + off, to - off)}`,
    arc(half, 0, 1, [to - off, to + off]),
    `L${pt(...crossing(right, under, 1))}`,
    arc(right.r, 0, 1, [right.x, floor]),
    `H${num(left.x)}`,
    arc(left.r, 0, 1, notch(left, crown)),
    arc(crown.r, 0, 1, crossing(crown, under, -1)),
    `L${pt(from - off, from + off)}`,
    arc(half, 0, 1, [from + off, from - off]),
    'Z',
    // the inside of that part
    `M${pt(...crossing(crownIn, under, -1))}`,
    arc(crownIn.r, 0, 0, notch(leftIn, crownIn)),
    arc(leftIn.r, 1, 0, [left.x, floor - line]),
    `H${num(floor - line - under)}`,
    'Z',
    // the right part
    `M${pt(...crossing(crown, over, -1))}`,
    arc(crown.r, 0, 1, notch(crown, right)),
    arc(right.r, 0, 1, crossing(right, over, 1)),
    `L${pt(...crossing(rightIn, over, 1))}`,
    arc(rightIn.r, 0, 0, notch(crownIn, rightIn)),
    arc(crownIn.r, 0, 0, crossing(crownIn, over, -1)),
    'Z',
  ].join('');
}

/** The Marketplace icon: the Z's bars in white, the key over them in mint. */
function icon() {
  const { stroke, half, bow, tooth, centre, sum, top, bottom, left, right, corner } = skeleton(BOLD);
  const scale = 11;
  const shift = (256 - GRID * scale) / 2;
  const reach = (bow - half) * Math.SQRT1_2;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256" viewBox="0 0 256 256">
	<defs>
		<linearGradient id="ground" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#1b4070"/><stop offset="1" stop-color="#10243e"/></linearGradient>
		<linearGradient id="key" gradientUnits="userSpaceOnUse" x1="15" y1="1" x2="2" y2="14"><stop stop-color="#62f2c8"/><stop offset="1" stop-color="#27ccb2"/></linearGradient>
	</defs>
	<rect width="256" height="256" rx="56" fill="url(#ground)"/>
	<rect x="1.5" y="1.5" width="253" height="253" rx="54.5" fill="none" stroke="#fff" stroke-opacity=".12" stroke-width="3"/>
	<g transform="translate(${num(shift)} ${num(shift)}) scale(${scale})" fill="none" stroke-width="${stroke}" stroke-linecap="round">
		<path stroke="#fff" d="M${pt(left, top)}H${num(centre.x)}M${pt(corner, bottom)}H${num(right)}"/>
		<g stroke="url(#key)">
			<circle cx="${num(centre.x)}" cy="${num(centre.y)}" r="${num(bow - half)}"/>
			<path d="M${pt(centre.x - reach, centre.y + reach)}L${pt(corner, bottom)}M${pt(sum - tooth.y, tooth.y)}H${num(tooth.x - half)}"/>
		</g>
	</g>
</svg>
`;
}

/**
 * The font. Its metrics are those of codicon.ttf in proportion: the em box is the whole 16-unit grid,
 * ascent = 1 em, descent = 0, no line gap in hhea – so glyphs and codicons share a baseline at any size.
 */
async function font(glyphs) {
  const { SVGIcons2SVGFontStream } = await load('svgicons2svgfont');
  const { default: svg2ttf } = await load('svg2ttf');
  const { default: ttf2woff } = await load('ttf2woff');
  const em = 2048;
  const name = 'zeyos-icons';

  const svgFont = await new Promise((done, fail) => {
    const stream = new SVGIcons2SVGFontStream({
      fontName: name,
      fontHeight: em,
      normalize: true,
      ascent: em,
      descent: 0,
      fixedWidth: true,
      round: 1,
      log: () => {},
    });
    let text = '';
    stream
      .on('data', (chunk) => (text += chunk))
      .on('end', () => done(text))
      .on('error', fail);
    for (const [glyphName, character] of glyphs) {
      const glyph = Readable.from([readFileSync(join(media, `${glyphName}.svg`), 'utf8')]);
      glyph.metadata = { unicode: [character], name: glyphName };
      stream.write(glyph);
    }
    stream.end();
  });
  // A fixed time stamp makes the result the same at every run
  const ttf = svg2ttf(svgFont, {
    ts: 0,
    version: '1.0',
    description: 'Icons of the ZeyOS Authentication extension',
    url: 'https://marketplace.visualstudio.com/items?itemName=zeyos.zeyos-auth',
  });
  return Buffer.from(ttf2woff(ttf.buffer));
}

async function png(svg) {
  const { default: sharp } = await load('sharp');
  return sharp(Buffer.from(svg), { density: 72 }).resize(256, 256).png({ compressionLevel: 9 }).toBuffer();
}

writeFileSync(join(media, 'logo.svg'), flat(outline(BOLD)));
writeFileSync(join(media, 'zeyos-logo.svg'), flat(outline(GLYPH)));
writeFileSync(join(media, 'cloud-offline.svg'), flat(cloudOffline()));
writeFileSync(join(media, 'icon.svg'), icon());
writeFileSync(
  join(media, 'zeyos-icons.woff'),
  await font([
    ['zeyos-logo', '\uE900'],
    ['cloud-offline', '\uE901'],
  ]),
);
writeFileSync(join(media, 'icon.png'), await png(icon()));
