/** A sketch whose loop() does not come round to ArduinoOTA.handle(): how that looks from outside, core by core. */
import type { Evidence, Together } from '../../cause.ts';
import type { Seen } from '../../seen.ts';
import { listensInSilence } from './presence.ts';

export const starved: Evidence = {
  strongly: {
    'invite.again-after-ok': ['never', 'much-later'],
    'connectback.syn': 'seen-late',
    'connectback.tcp': 'late',
    'serial.request-seen': ['late', 'never'],
  },
  supports: {
    'net.ping': 'answered',
    'net.arp': 'board',
    'net.from-elsewhere': 'reachable',
    'connectback.app-sessions': 'survived',
    'connectback.tcp': 'timed-out',
  },
  against: {
    'net.ping': 'silent',
    'net.arp': 'silent',
    'serial.first-error': ['begin', 'auth'],
    'listener.from-peer': ['timed-out', 'refused'],
    'trial.firewall-off': 'works',
    'trial.other-host': 'works',
    'device.error': ['not-enough-space', 'flash-config', 'bootstrap'],
  },
  excludes: {
    'invite.again-after-ok': ['at-once', 'after-connect-timeout'],
    'invite.pattern': 'always',
    'invite.reply': 'port-unreachable',
    'connectback.tcp': 'accepted',
    'serial.start-reached': true,
    'serial.request-seen': 'at-once',
  },
};

/** ESP8266 2.0-2.3 answers OK from the network callback, whatever the loop does (ArduinoOTA.cpp @ 2.3.0). */
export const answersWithoutLoop = (seen: Seen): boolean | undefined => {
  if (seen.is('board.family', 'esp32', 'rp2040')) return false;
  const newer = seen.coreAtLeast('2.4.0');
  return newer === undefined ? undefined : !newer;
};

export const onlyALoopSaysOk: Together = {
  grade: 'excludes',
  of: ['invite.reply', 'connectback.tcp', 'running.core-version'],
  when: (seen) =>
    answersWithoutLoop(seen) === false && seen.is('invite.reply', 'ok') && seen.is('connectback.tcp', 'timed-out'),
  because: 'on this core only a running loop() can answer OK, and it did',
};

export const silentLoop: Together = {
  grade: 'supports',
  of: ['invite.reply', 'running.core-version'],
  when: (seen) => answersWithoutLoop(seen) !== true && seen.is('invite.reply', 'silence'),
  because: 'only a running loop() answers an invitation (on an ESP8266 since core 2.4.0)',
};

/** The port is open and the invitation was repeated, so neither a closed port nor a lost datagram is left. */
export const openButSilent: Together = {
  grade: 'strongly',
  of: ['invite.reply', 'net.ping', 'net.device-segment'],
  when: (seen) => answersWithoutLoop(seen) !== true && listensInSilence(seen),
  because: 'something listens on the update port and does not answer',
};

export const authThenSilence: Together = {
  grade: 'supports',
  of: ['auth.result', 'board.family', 'running.core-version'],
  when: (seen) =>
    seen.is('board.family', 'esp8266', 'rp2040') &&
    answersWithoutLoop(seen) === false &&
    seen.is('auth.result', 'no-reply'),
  because: 'this core asks for the password by itself, but only a running loop() checks the answer',
};

/** A sketch that somebody shows is mostly the one on the board, but need not be. */
export const ofThisSketch = (seen: Seen): string | undefined =>
  seen.is('sketch.role', 'running', 'both') ? undefined : 'assuming this sketch is the one on the board';

export const loopStages = ['invite', 'authenticate', 'connect-back'] as const;
export const starvedTogether = [onlyALoopSaysOk, silentLoop, openButSilent, authThenSilence] as const;
