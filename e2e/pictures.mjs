// Pictures whose headers say less than what a decoder makes of them.

/** Returns a black GIF file whose picture is larger than the screen that its header names. @param {number} side pixels of the picture */
export function largeFrame(side) {
  /** @type {number[]} */ const octets = [];
  let [bits, filled] = [0, 0];
  /** @param {number} code @param {number} width bits */
  const put = (code, width) => {
    bits |= code << filled;
    for (filled += width; filled >= 8; filled -= 8, bits >>>= 8) octets.push(bits & 255);
  };
  put(256, 9); // clears the table, which then gets strings of 2, 3, 4, … pixels
  for (let left = side * side; left > 0; put(256, 12)) {
    let width = 9;
    for (let length = 1; left > 0 && length < 3838; length++) {
      const run = Math.min(length, left);
      put(run === 1 ? 0 : 256 + run, width);
      left -= run;
      if (257 + length >= 1 << width && width < 12) width++;
    }
  }
  put(257, 12);
  octets.push(bits & 255);
  const blocks = Array.from({ length: Math.ceil(octets.length / 255) }, (_, i) => octets.slice(255 * i, 255 * (i + 1))).flatMap((block) => [block.length, ...block]);
  const [low, high] = [side & 255, side >> 8];
  return Buffer.from([...Buffer.from('GIF89a'), 8, 0, 8, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2c, 0, 0, 0, 0, low, high, low, high, 0, 8, ...blocks, 0, 0x3b]);
}

/** Returns a JPEG file with another size, and with a marker that has no length: who reads one nevertheless finds 8 × 8 pixels behind it.
 * @param {Buffer} small a JPEG file @param {number} side pixels @param {number[]} marker */
export function hiddenSize(small, side, marker) {
  const frame = small.indexOf(Buffer.from('ffc0', 'hex'));
  const size = Buffer.from([side >> 8, side & 255, side >> 8, side & 255]);
  const large = Buffer.concat([small.subarray(0, 2), Buffer.from(marker), small.subarray(2, frame + 5), size, small.subarray(frame + 9)]);
  return Buffer.concat([large, Buffer.alloc(4 + large.readUInt16BE(4) - large.length), Buffer.from('ffc0000b080008000801011100', 'hex')]);
}

/** Returns a JPEG file that is shown turned by a quarter (Exif, orientation 6). @param {Buffer} picture a JPEG file */
export function turned(picture) {
  return Buffer.concat([picture.subarray(0, 2), Buffer.from('ffe10022457869660000' + '4d4d002a00000008000101120003000000010006000000000000', 'hex'), picture.subarray(2)]);
}
