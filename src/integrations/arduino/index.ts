/** Arduino IDE 1.8, IDE 2 and arduino-cli. block.ts: own lines in somebody's file.  recipes.ts: what a core needs.
 *  places.ts: where cores lie.  plan.ts: what to write and to take away.  discovery.ts: a pluggable discovery. */
export { type Discovery, type DiscoveryEvent, discovering, initial, type Port } from './discovery.ts';
export { findPlaces, type Host as ArduinoHost, type Places, type Sandboxed } from './places.ts';
export { apply, type Change, type CorePlan, type Launcher, planInstall, planUninstall } from './plan.ts';
