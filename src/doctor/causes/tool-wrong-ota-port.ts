import type { Cause } from '../cause.ts';
import { closedPort, somebodyListens } from './shared/presence.ts';

/** Default ports (ArduinoOTA of each core). */
const usual = { esp8266: 8266, esp32: 3232, rp2040: 2040 } as const;

export const toolWrongOtaPort: Cause = {
  id: 'tool-wrong-ota-port',
  title: 'the invitation went to a port on which this board does not listen',
  met: 'sometimes',
  stops: ['invite'],
  evidence: [
    closedPort,
    {
      supports: {
        'net.http': 'answers',
        'net.ping': 'answered',
        'net.arp': 'board',
        'sketch.lint.custom-port': true,
        'discovery.raw-mdns': 'seen',
      },
      against: { 'net.ping': 'silent', 'net.arp': 'silent' },
      excludes: { 'invite.reply': ['ok', 'auth', 'error'] },
    },
  ],
  together: [
    somebodyListens,
    {
      grade: 'proves',
      of: ['args.ota-port', 'board.ota-port'],
      when: (seen) =>
        seen.has('args.ota-port') &&
        seen.has('board.ota-port') &&
        seen.get('args.ota-port') !== seen.get('board.ota-port'),
      because: (seen) =>
        `the invitation went to port ${seen.get('args.ota-port')}, the board listens on ${seen.get('board.ota-port')}`,
    },
    {
      grade: 'excludes',
      of: ['args.ota-port', 'board.ota-port'],
      when: (seen) => seen.has('board.ota-port') && seen.get('args.ota-port') === seen.get('board.ota-port'),
      because: 'the invitation went to the port on which the board listens',
    },
    {
      grade: 'strongly',
      of: ['args.ota-port', 'board.family'],
      when: (seen) =>
        !seen.has('board.ota-port') &&
        seen.has('args.ota-port') &&
        seen.fact('board.family')?.inferred !== true &&
        seen.has('board.family') &&
        !seen.is('args.ota-port', usual[seen.get('board.family')!]),
      because: (seen) =>
        `port ${seen.get('args.ota-port')} is not the usual one of an ${String(seen.get('board.family')).toUpperCase()}`,
    },
    {
      grade: 'supports',
      of: ['args.ota-port', 'invite.reply'],
      when: (seen) =>
        !seen.has('board.ota-port') &&
        seen.has('board.family') &&
        seen.is('args.ota-port', ...Object.values(usual).filter((port) => port !== usual[seen.get('board.family')!])),
      because: 'it is the usual port of another family',
    },
  ],
  fix: (seen) => [
    seen.has('board.ota-port')
      ? `Upload to port ${seen.get('board.ota-port')}.`
      : 'Use the port in the sketch: 8266 is usual for the ESP8266, 3232 for the ESP32, 2040 for the Pico.',
    'PlatformIO: `upload_flags = --port=…`; espota.py: `-p …`; WhyOTA finds the port by itself.',
  ],
  test: 'Look for ArduinoOTA.setPort() in the sketch that is on the board.',
};
