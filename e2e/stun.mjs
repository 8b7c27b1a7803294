// A STUN server (RFC 8489) that supports only the Binding request, and answers as a
// server on the Internet answers a client behind a NAT: with an address that is not
// the browser's own.

import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';

const cookie = 0x2112a442; // RFC 8489, Section 5
const [bindingRequest, bindingSuccess, xorMappedAddress] = [0x0001, 0x0101, 0x0020]; // Sections 18.2 and 18.3

/** This machine's address in its network: browsers ask no server at the loopback. */
export const ownAddress = Object.values(networkInterfaces()).flat().find((face) => face?.family === 'IPv4' && !face.internal)?.address;

/** @param {string} seen the address that all who ask are told they have */
export async function stunServer(seen) {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (request, { address, port }) => {
    if (request.length < 20 || request.readUInt16BE(0) !== bindingRequest || request.readUInt32BE(4) !== cookie) return;
    asked++;
    const answer = Buffer.alloc(32);
    answer.writeUInt16BE(bindingSuccess, 0);
    answer.writeUInt16BE(answer.length - 20, 2);
    request.copy(answer, 4, 4, 20); // the cookie and the transaction
    answer.writeUInt16BE(xorMappedAddress, 20);
    answer.writeUInt16BE(8, 22);
    answer.writeUInt8(1, 25); // IPv4
    answer.writeUInt16BE(port ^ cookie >>> 16, 26);
    const mapped = Buffer.from(seen.split('.').map(Number)).readUInt32BE();
    answer.writeUInt32BE((mapped ^ cookie) >>> 0, 28);
    socket.send(answer, port, address);
  });
  await new Promise((resolve, reject) => socket.once('error', reject).bind(0, '0.0.0.0', () => resolve(undefined)));
  return {
    url: `stun:${ownAddress}:${socket.address().port}`,
    asked: () => asked,
    stop: () => new Promise((resolve) => socket.close(() => resolve(undefined))),
  };
}
