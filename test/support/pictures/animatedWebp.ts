/** One picture of an animation, as a still WebP file, and how long it stays. */
export interface Frame {
  readonly webp: Buffer;
  readonly durationMs: number;
}

interface Chunk {
  readonly type: string;
  readonly payload: Buffer;
}

const ANIMATION_FLAG = 0x02;
const DO_NOT_BLEND = 0x02;

/**
 * Joins still WebP files of one size to an animated WebP file.
 * @param loops how often the animation is shown; 0 means for ever
 * @throws if a file is not a WebP file with a picture in it
 * @see https://developers.google.com/speed/webp/docs/riff_container
 */
export function animatedWebp(frames: readonly Frame[], size: Size, loops: number): Buffer {
  const extended = Buffer.alloc(10);
  extended.writeUInt8(ANIMATION_FLAG, 0);
  extended.writeUIntLE(size.width - 1, 4, 3);
  extended.writeUIntLE(size.height - 1, 7, 3);
  const animation = Buffer.alloc(6);
  animation.writeUInt16LE(loops, 4);
  return riff([
    { type: 'VP8X', payload: extended },
    { type: 'ANIM', payload: animation },
    ...frames.map((frame) => ({ type: 'ANMF', payload: frameOf(frame, size) })),
  ]);
}

export interface Size {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

function frameOf({ webp, durationMs }: Frame, { width, height }: Size): Buffer {
  const header = Buffer.alloc(16);
  header.writeUIntLE(width - 1, 6, 3);
  header.writeUIntLE(height - 1, 9, 3);
  header.writeUIntLE(durationMs, 12, 3);
  header.writeUInt8(DO_NOT_BLEND, 15);
  const picture = chunksOf(webp).filter(({ type }) => ['ALPH', 'VP8 ', 'VP8L'].includes(type));
  if (picture.length === 0) throw new Error('The WebP file has no picture.');
  return Buffer.concat([header, ...picture.map(serialized)]);
}

/** The chunks of a WebP file. */
export function chunksOf(webp: Buffer): readonly Chunk[] {
  if (webp.toString('latin1', 0, 4) !== 'RIFF' || webp.toString('latin1', 8, 12) !== 'WEBP')
    throw new Error('This is not a WebP file.');
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= webp.length;) {
    const length = webp.readUInt32LE(at + 4);
    chunks.push({ type: webp.toString('latin1', at, at + 4), payload: webp.subarray(at + 8, at + 8 + length) });
    // A chunk of odd length is padded.
    at += 8 + length + (length % 2);
  }
  return chunks;
}

function riff(chunks: readonly Chunk[]): Buffer {
  return serialized({
    type: 'RIFF',
    payload: Buffer.concat([Buffer.from('WEBP', 'latin1'), ...chunks.map(serialized)]),
  });
}

function serialized({ type, payload }: Chunk): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32LE(payload.length, 4);
  return Buffer.concat([header, payload, Buffer.alloc(payload.length % 2)]);
}
