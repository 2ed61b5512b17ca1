/*
 * Draws the visual identity of this extension: run by hand, only when the mark changes.
 * Its results are checked in; neither the build nor the packaged extension needs this file.
 *
 * The mark: a geometric "Z" whose diagonal is a key. The key's bow is the bend at the upper right,
 * its bits are the short tooth and the lower bar. All drawings come from the one geometry below
 * (on a 16-unit grid), in a light weight for the icon font and a bold one for logo and icon.
 *
 *   logo.svg         the mark, bold, one colour (currentColor)
 *   icon.svg         the mark in two colours on the rounded deep-blue ground
 *   icon.png         256 x 256, the Marketplace icon                         <- sharp
 *   zeyos-logo.svg   the mark in the weight of VS Code's codicons, single path
 *   zeyos-icons.woff the icon font: zeyos-logo at U+E900                     <- svgicons2svgfont, svg2ttf, ttf2woff
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
		stroke, half, bow, tooth, centre, sum, top, bottom,
		left: edge + half, // ends of the bars: the centres of their round caps
		right: GRID - edge - half,
		corner: sum - bottom // where the diagonal meets the lower bar
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
		`M${pt(left, top - half)}`, `H${num(centre.x)}`,
		arc(bow, 1, 1, centre.x - far + off, centre.y + far + off),
		`L${pt(lower(tooth.y - half), tooth.y - half)}`, `H${num(tooth.x - half)}`,
		arc(half, 0, 1, tooth.x - half, tooth.y + half), `H${num(lower(tooth.y + half))}`,
		`L${pt(lower(bottom - half), bottom - half)}`, `H${num(right)}`,
		arc(half, 0, 1, right, bottom + half), `H${num(corner)}`,
		arc(half, 0, 1, corner - off, bottom - off),
		`L${pt(centre.x - far - off, centre.y + far - off)}`,
		arc(bow, 0, 1, centre.x - under, top + half), `H${num(left)}`,
		arc(half, 0, 1, left, top - half), 'Z',
		`M${pt(centre.x + bow - stroke, centre.y)}`,
		arc(bow - stroke, 1, 0, centre.x - bow + stroke, centre.y),
		arc(bow - stroke, 1, 0, centre.x + bow - stroke, centre.y), 'Z'
	].join('');
}

const flat = (weight) =>
	`<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16" fill="currentColor"><path d="${outline(weight)}"/></svg>\n`;

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
 * ascent = 1 em, descent = 0, no line gap in hhea – so glyph and codicons share a baseline at any size.
 */
async function font(svg) {
	const { SVGIcons2SVGFontStream } = await load('svgicons2svgfont');
	const { default: svg2ttf } = await load('svg2ttf');
	const { default: ttf2woff } = await load('ttf2woff');
	const em = 2048;
	const name = 'zeyos-icons';

	const svgFont = await new Promise((done, fail) => {
		const stream = new SVGIcons2SVGFontStream({
			fontName: name, fontHeight: em, normalize: true, ascent: em, descent: 0, fixedWidth: true, round: 1, log: () => {}
		});
		let text = '';
		stream.on('data', (chunk) => (text += chunk)).on('end', () => done(text)).on('error', fail);
		const glyph = Readable.from([svg]);
		glyph.metadata = { unicode: ['\uE900'], name: 'zeyos-logo' };
		stream.write(glyph);
		stream.end();
	});
	// A fixed time stamp makes the result the same at every run
	const ttf = svg2ttf(svgFont, { ts: 0, version: '1.0', description: 'Icon of the ZeyOS Authentication extension', url: 'https://marketplace.visualstudio.com/items?itemName=zeyos.zeyos-auth' });
	return Buffer.from(ttf2woff(ttf.buffer));
}

async function png(svg) {
	const { default: sharp } = await load('sharp');
	return sharp(Buffer.from(svg), { density: 72 }).resize(256, 256).png({ compressionLevel: 9 }).toBuffer();
}

writeFileSync(join(media, 'logo.svg'), flat(BOLD));
writeFileSync(join(media, 'zeyos-logo.svg'), flat(GLYPH));
writeFileSync(join(media, 'icon.svg'), icon());
writeFileSync(join(media, 'zeyos-icons.woff'), await font(readFileSync(join(media, 'zeyos-logo.svg'), 'utf8')));
writeFileSync(join(media, 'icon.png'), await png(icon()));
