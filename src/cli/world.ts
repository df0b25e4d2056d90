/** This computer's network and clock, as the commands see them. */
import type { World } from '#machine/index.ts';
import { realWorld } from '#node/index.ts';

let world: World | undefined;

export function hostWorld(): World {
  world ??= realWorld();
  return world;
}
