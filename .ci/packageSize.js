// @ts-check
// Checks what the package weighs: the pictures have a bound of their own, since they are not loaded with the extension.
const { readFileSync } = require('node:fs');

/** Compressed, in bytes. */
const BOUNDS = { pictures: 400_000, rest: 250_000 };
const PICTURE = /\.(png|jpe?g|gif|svg|webp)$/i;

/**
 * What the pictures in a .vsix weigh, and what everything else does with the archive's own directory: compressed, in
 * bytes.
 * @param {Buffer} zip
 */
function packageSize(zip) {
  let pictures = 0;
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) throw new Error('This is no zip archive.');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    if (PICTURE.test(zip.toString('utf8', at + 46, at + 46 + nameLength))) pictures += zip.readUInt32LE(at + 20);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return { pictures, rest: zip.length - pictures };
}

/**
 * @param {string} path of a .vsix file
 * @throws if it weighs too much
 */
function checkPackageSize(path) {
  const size = packageSize(readFileSync(path));
  for (const part of /** @type {const} */ (['pictures', 'rest']))
    if (size[part] > BOUNDS[part])
      throw new Error(`${path}: ${part} have ${size[part]} bytes, compressed; at most ${BOUNDS[part]} are allowed.`);
  return size;
}

module.exports = { BOUNDS, checkPackageSize, packageSize };
