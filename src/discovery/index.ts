/** discovery: sightings in, devices out. Who is there, what it runs, and where a name leads.
 *  find.ts: all boards of a house.  resolve.ts: one of them by name or address.  watch.ts: is it back?
 *  firmwares.ts: how to read what services say.  devices.ts: which services are one board.  links.ts: the sockets. */
export { ipv4, isLoopback, parseTarget, sameSubnet, type Target } from './addresses.ts';
export { type Device, devicesOf, forTerminal } from './devices.ts';
export { type FindOptions, find } from './find.ts';
export { type Family, type FirmwareKind, otaPorts, serviceTypes } from './firmwares.ts';
export { type BrowseTrouble, type BrowseWorld, openBrowser } from './links.ts';
export {
  identifyAddress,
  type Resolved,
  type ResolvedEndpoint,
  type ResolveOptions,
  type ResolveWorld,
  resolve,
} from './resolve.ts';
export { type WatchEvents, type Watched, watch } from './watch.ts';
