import type { Cause } from '../cause.ts';
import { closedPort, somebodyListens } from './shared/presence.ts';

export const skNoOtaInRunningSketch: Cause = {
  id: 'sk-no-ota-in-running-sketch',
  title: 'the sketch that runs on the board has no OTA code in it',
  met: 'often',
  stops: ['invite', 'discover'],
  evidence: [
    closedPort,
    {
      proves: { 'running.has-ota': false },
      strongly: { 'history.worked-before': 'once' },
      supports: {
        'sketch.lint.ota-begin-missing': true,
        'net.arp': 'board',
        'net.ping': 'answered',
        'discovery.raw-mdns': 'absent',
      },
      against: {
        'discovery.listed': 'yes',
        'net.arp': 'silent',
        'history.worked-before': ['a-few-times', 'regularly', 'never'],
        'invite.pattern': ['random', 'bursts', 'only-after-reset'],
      },
      excludes: {
        'running.has-ota': true,
        'invite.reply': ['ok', 'auth', 'error'],
        'discovery.raw-mdns': 'seen',
        'connectback.tcp': 'accepted',
      },
    },
  ],
  together: [
    somebodyListens,
    {
      grade: 'strongly',
      of: ['image.has-ota', 'sketch.lint.ota-begin-missing'],
      when: (seen) => seen.is('image.has-ota', false) && !seen.is('sketch.role', 'new'),
      because: 'the sketch at hand has no OTA in it',
    },
  ],
  fix: [
    'Upload once by cable a sketch that has OTA in it (Examples > ArduinoOTA > BasicOTA, or `whyota sketch --new`).',
    'From then on keep the OTA lines in every sketch: each upload replaces all of the one before.',
  ],
  test: 'Ask yourself what was uploaded last: does that sketch call ArduinoOTA.begin() and handle()?',
};
