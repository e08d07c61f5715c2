import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  body: string | Uint8Array;
  /** What the directory claims, where that is to be a lie. */
  claimedSize?: number;
  /** Unix file mode, such as 0o120777 for a link. */
  mode?: number;
  isEncrypted?: boolean;
  /** Bytes to store as if they were the packed ones; `body` is then only what the directory speaks of. */
  packed?: Uint8Array;
}

function header(
  signature: number,
  entry: { name: Buffer; raw: Uint8Array; packed: Uint8Array; size: number; flags: number },
): Buffer {
  const isCentral = signature === 0x02014b50;
  const fields = Buffer.alloc(isCentral ? 46 : 30);
  let at = 0;
  const put = (value: number, bytes: 2 | 4) => {
    at = bytes === 2 ? fields.writeUInt16LE(value, at) : fields.writeUInt32LE(value, at);
  };
  put(signature, 4);
  if (isCentral) put((3 << 8) | 20, 2);
  for (const value of [20, entry.flags, 8, 0, 0]) put(value, 2);
  for (const value of [crc32(entry.raw), entry.packed.byteLength, entry.size]) put(value, 4);
  put(entry.name.byteLength, 2);
  put(0, 2);
  return fields;
}

/** A ZIP archive, written by hand so that a test may make it lie. */
export function makeZip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name: text, body, claimedSize, mode = 0o100644, isEncrypted = false, packed } of entries) {
    const raw = Buffer.from(body);
    const entry = {
      name: Buffer.from(text),
      raw,
      packed: packed ?? deflateRawSync(raw),
      size: claimedSize ?? raw.byteLength,
      flags: 0x0800 | (isEncrypted ? 1 : 0),
    };
    const local = Buffer.concat([header(0x04034b50, entry), entry.name, entry.packed]);
    const central = header(0x02014b50, entry);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(local);
    centrals.push(Buffer.concat([central, entry.name]));
    offset += local.byteLength;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.byteLength, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
