/** All rules, by their numbers. L45 and L46 judge the build, not the sketch, and live with the firmware. */
import type { Rule } from '../finding.ts';
import * as blocking from './blocking.ts';
import * as hardware from './hardware.ts';
import * as log from './log.ts';
import * as meanwhile from './meanwhile.ts';
import * as names from './names.ts';
import * as ota from './ota.ts';
import * as secrets from './secrets.ts';
import * as updater from './updater.ts';
import * as wifi from './wifi.ts';

const isRule = (each: unknown): each is Rule =>
  typeof each === 'object' && each !== null && 'rule' in each && 'find' in each;

export const rules: readonly Rule[] = [blocking, ota, wifi, names, secrets, meanwhile, hardware, updater, log]
  .flatMap((family) => Object.values(family).filter(isRule))
  .sort((a, b) => a.id.localeCompare(b.id));
