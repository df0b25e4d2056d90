/** hub: sees every board of the house, moves its pins, updates it. One process with a SQLite file.
 *  contract/: what goes over HTTP.  store/: the tables.  devices.ts, device-log.ts, pins.ts, firmwares.ts, people.ts: what is kept.  live.ts: what
 *  is true now.  gateways/: the ways by which devices reach it.  updates/: firmware to boards.  api/: HTTP.  front.ts: the shared
 *  port.  main.ts: all of it together. */
export { type Hub, type HubSetting, openHub } from './main.ts';
export { StoreTrouble } from './store/open.ts';
