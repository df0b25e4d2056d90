/** The board says OK and then calls the computer back by TCP: what speaks for a call that gets lost. */
import type { Evidence, Together } from '../../cause.ts';

/** It tried (the update had begun on the board), and nothing arrived at the program. */
export const callLost: Evidence = {
  strongly: { 'invite.again-after-ok': 'after-connect-timeout', 'serial.first-error': 'connect' },
  supports: { 'serial.start-reached': true, 'connectback.app-sessions': 'dropped', 'connectback.tcp': 'timed-out' },
  against: {
    'serial.first-error': ['auth', 'begin', 'receive'],
    'invite.reply': ['silence', 'port-unreachable', 'error'],
  },
  excludes: {
    'connectback.tcp': ['accepted', 'closed-at-once'],
    'invite.again-after-ok': 'at-once',
    'tool.method': ['http-form', 'http-pull', 'blynk-air', 'esphome', 'serial'],
  },
};

/** A board that refuses when it begins never gets as far as the call. */
export const neverCalled: Together = {
  grade: 'excludes',
  of: ['fit.verdict'],
  when: (seen) => seen.is('fit.verdict', 'too-big'),
  because: 'the update does not fit, so the board never tried to call back',
};

/** A filter on this computer. */
export const firewall: Evidence = {
  strongly: {
    'host.firewall.inbound': ['blocked', 'default-deny'],
    'listener.from-peer': ['timed-out', 'refused', 'failed'],
    'connectback.syn': 'seen-not-accepted',
    'trial.firewall-off': 'works',
    'trial.other-host': 'works',
    'history.changed': ['firewall-or-antivirus'],
  },
  supports: { 'history.changed': ['os'], 'net.ping': 'answered' },
  against: {
    'host.confinement': ['container', 'wsl', 'vm-nat'],
    'net.source-address': ['vpn', 'virtual', 'other-lan'],
    'net.device-segment': ['routed-subnet', 'behind-nat'],
    'connectback.syn': ['none', 'other-interface', 'seen-late'],
    'host.firewall.inbound': 'default-allow',
    'trial.other-host': 'fails',
    'history.changed': ['core-version', 'sketch-size', 'partition-table'],
  },
  excludes: {
    'host.firewall.inbound': ['off', 'allowed'],
    'listener.from-peer': 'accepted',
    'trial.firewall-off': 'fails',
  },
};
