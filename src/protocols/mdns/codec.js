// The one place that touches dns-packet. The package works on Node's Buffer; a bundle for the browser has to map `buffer`
// to the npm package of that name. Plain JavaScript with its types in codec.d.ts, because the package's own types bring
// all of Node's with them, and the pure rooms must not see those.

// biome-ignore lint/style/useNodejsImportProtocol: dns-packet asks for it by this name, so that bundlers can replace it
import { Buffer } from 'buffer';
import dnsPacket from 'dns-packet';

export const encode = (packet) => dnsPacket.encode(packet);

export const decode = (bytes) => dnsPacket.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
