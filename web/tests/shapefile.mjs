// A zipped shapefile of one polygon, by hand: ESRI Shapefile Technical Description (1998), dBASE III, ZIP without compression.

import { crc32 } from "node:zlib";

const WGS84 =
  'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]';
const POLYGON = 5;

function header(bytes, box) {
  const buffer = Buffer.alloc(100);
  buffer.writeInt32BE(9994, 0);
  buffer.writeInt32BE(bytes / 2, 24);
  buffer.writeInt32LE(1000, 28);
  buffer.writeInt32LE(POLYGON, 32);
  box.forEach((value, at) => buffer.writeDoubleLE(value, 36 + 8 * at));
  return buffer;
}

/** `ring`: closed, clockwise, longitude and latitude. */
function shapes(ring) {
  const [x, y] = [ring.map(([lng]) => lng), ring.map(([, lat]) => lat)];
  const box = [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
  const content = Buffer.alloc(4 + 32 + 8 + 4 + 16 * ring.length);
  content.writeInt32LE(POLYGON, 0);
  box.forEach((value, at) => content.writeDoubleLE(value, 4 + 8 * at));
  content.writeInt32LE(1, 36);
  content.writeInt32LE(ring.length, 40);
  ring.forEach(([lng, lat], at) => {
    content.writeDoubleLE(lng, 48 + 16 * at);
    content.writeDoubleLE(lat, 56 + 16 * at);
  });
  const number = Buffer.alloc(8);
  number.writeInt32BE(1, 0);
  number.writeInt32BE(content.length / 2, 4);
  const index = Buffer.alloc(8);
  index.writeInt32BE(50, 0);
  index.writeInt32BE(content.length / 2, 4);
  return { shp: Buffer.concat([header(108 + content.length, box), number, content]), shx: Buffer.concat([header(108, box), index]) };
}

function attributes(name) {
  const head = Buffer.alloc(65);
  head.writeUInt8(3, 0);
  head.set([126, 1, 1], 1);
  head.writeUInt32LE(1, 4);
  head.writeUInt16LE(65, 8);
  head.writeUInt16LE(21, 10);
  head.write("name", 32, "latin1");
  head.write("C", 43, "latin1");
  head.writeUInt8(20, 48);
  head.writeUInt8(0x0d, 64);
  return Buffer.concat([head, Buffer.from(` ${name.padEnd(20)}\x1a`, "latin1")]);
}

function zip(files) {
  const [local, central] = [[], []];
  let at = 0;
  for (const [name, bytes] of files) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x21, 8);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    local.push(Buffer.from("PK\x03\x04", "latin1"), fields, Buffer.from(name), bytes);
    const more = Buffer.alloc(14);
    more.writeUInt32LE(at, 10);
    central.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, more, Buffer.from(name));
    at += 30 + name.length + bytes.length;
  }
  const listed = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, listed, end]);
}

/** The archive; `corners`: longitude and latitude, counterclockwise and not closed. */
export function zippedShapefile(name, corners) {
  const ring = [...corners, corners[0]].reverse();
  const { shp, shx } = shapes(ring);
  const files = { shp, shx, dbf: attributes(name), prj: Buffer.from(WGS84) };
  return zip(Object.entries(files).map(([ending, bytes]) => [`${name}.${ending}`, bytes]));
}
