/** Appends to a growing buffer; whole numbers are written as LEB128 varints. */
export interface ByteWriter {
  /** A whole number, 0 to 2^53 - 1. */
  varint(value: number): void;
  /** A term key: six bytes, little-endian. */
  key(value: number): void;
  bytes(values: Uint8Array): void;
  readonly length: number;
  /** What was written so far, as a view that the next write spoils; the writer is empty again afterwards. */
  take(): Uint8Array;
  /** What was written so far, as a copy; the writer is empty again afterwards. */
  finish(): Uint8Array;
}

export function createByteWriter(initialSize = 1024): ByteWriter {
  let buffer = new Uint8Array(initialSize);
  let length = 0;

  function reserve(count: number): void {
    if (length + count <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + count));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  }

  return {
    varint(value) {
      reserve(8);
      let rest = value;
      while (rest >= 0x80) {
        buffer[length] = (rest % 0x80) | 0x80;
        length += 1;
        rest = Math.floor(rest / 0x80);
      }
      buffer[length] = rest;
      length += 1;
    },
    key(value) {
      reserve(6);
      const low = value >>> 0;
      const high = (value - low) / 2 ** 32;
      buffer[length] = low & 0xff;
      buffer[length + 1] = (low >>> 8) & 0xff;
      buffer[length + 2] = (low >>> 16) & 0xff;
      buffer[length + 3] = low >>> 24;
      buffer[length + 4] = high & 0xff;
      buffer[length + 5] = high >>> 8;
      length += 6;
    },
    bytes(values) {
      reserve(values.length);
      buffer.set(values, length);
      length += values.length;
    },
    get length() {
      return length;
    },
    take() {
      const written = buffer.subarray(0, length);
      length = 0;
      return written;
    },
    finish() {
      const written = buffer.slice(0, length);
      length = 0;
      return written;
    },
  };
}

/** Reads what a ByteWriter wrote. Reading past the end throws RangeError. */
export interface ByteReader {
  varint(): number;
  key(): number;
  position: number;
  readonly end: number;
}

export function createByteReader(bytes: Uint8Array, start = 0, end = bytes.length): ByteReader {
  const reader: ByteReader = {
    position: start,
    end,
    varint() {
      let value = 0;
      let scale = 1;
      for (;;) {
        const byte = next();
        if (byte < 0x80) return value + byte * scale;
        value += (byte - 0x80) * scale;
        scale *= 0x80;
      }
    },
    key() {
      const { position } = reader;
      if (position + 6 > end) throw new RangeError('The index data ends too early.');
      reader.position = position + 6;
      const byte = (offset: number) => bytes[position + offset] ?? 0;
      const low = byte(0) + byte(1) * 0x100 + byte(2) * 0x10000 + byte(3) * 0x1000000;
      return low + (byte(4) + byte(5) * 0x100) * 2 ** 32;
    },
  };

  function next(): number {
    if (reader.position >= end) throw new RangeError('The index data ends too early.');
    const byte = bytes[reader.position] ?? 0;
    reader.position += 1;
    return byte;
  }

  return reader;
}
