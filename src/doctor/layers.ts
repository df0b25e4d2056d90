/** What a fact says of a whole layer: an experiment that changes one thing clears or accuses all that lives there. */
import type { Evidence, Layer } from './cause.ts';

export const layerEvidence: Readonly<Record<Layer, Evidence>> = {
  host: {
    supports: { 'trial.other-host': 'works' },
    against: {
      'trial.other-host': 'fails',
      'trial.smaller-image': 'works',
      'trial.right-after-reset': 'works',
      'trial.after-power-cycle': 'works',
      'invite.again-after-ok': ['at-once', 'after-reboot'],
      'serial.first-error': ['auth', 'begin'],
    },
  },
  tool: {
    supports: { 'trial.other-tool': 'works', 'history.changed': ['tool-version', 'ide-version'] },
    against: { 'trial.other-host': 'fails', 'trial.other-tool': 'fails', 'trial.smaller-image': 'works' },
  },
  net: {
    supports: { 'trial.other-network': 'works', 'history.changed': ['router', 'router-setting', 'access-point'] },
    against: { 'trial.other-network': 'fails', 'trial.smaller-image': 'works' },
  },
  disc: {
    supports: { 'trial.by-address': 'works' },
    against: { 'trial.by-address': 'fails', 'args.target': ['ipv4'] },
    excludes: { 'tool.method': ['http-pull', 'blynk-air', 'serial'] },
  },
  auth: {
    supports: { 'trial.without-password': 'works', 'history.changed': ['password'] },
    against: { 'trial.without-password': 'fails', 'args.auth-shape': ['absent', 'empty'], 'invite.reply': ['ok'] },
    excludes: { 'sketch.password-form': 'none', 'tool.method': ['http-pull', 'blynk-air', 'serial'] },
  },
  sk: {
    supports: { 'trial.minimal-sketch': 'works', 'history.changed': ['sketch-code'] },
    against: { 'trial.minimal-sketch': 'fails', 'sketch.stock-example': true },
  },
  dev: { against: { 'trial.other-host': 'works', 'trial.firewall-off': 'works' } },
  img: {
    against: {
      'trial.other-host': 'works',
      'trial.firewall-off': 'works',
      'trial.other-network': 'works',
      'trial.closer': 'works',
      'trial.server-up': 'works',
      'tool.method': 'blynk-air',
    },
  },
  hw: {
    supports: { 'trial.other-board': 'works' },
    against: { 'trial.other-host': 'works', 'trial.other-board': 'fails' },
  },
  cloud: {},
};
