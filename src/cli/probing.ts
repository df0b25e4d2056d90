/** placeholder */
import type { Fact } from '#values/facts.ts';
import { factsOfImage } from '#doctor/probes/image.ts';
export const factsOfFile = (bytes: Uint8Array): readonly Fact[] => factsOfImage(bytes);
export const probeBoard = async (..._: unknown[]): Promise<readonly Fact[]> => [];
