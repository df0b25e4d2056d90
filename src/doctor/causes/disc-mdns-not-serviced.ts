import type { Cause } from '../cause.ts';
import { notHeard } from './shared/listing.ts';

export const discMdnsNotServiced: Cause = {
  id: 'disc-mdns-not-serviced',
  title: 'the sketch does not keep its announcements going, so the board vanishes from the list',
  met: 'sometimes',
  stops: ['discover'],
  only: { 'board.family': 'esp8266' },
  evidence: [
    notHeard,
    {
      strongly: { 'discovery.over-time': 'vanishes-after-boot', 'trial.by-address': 'fails' },
      supports: {
        'sketch.lint.mdns-off-without-update': true,
        'discovery.elsewhere': 'nowhere',
        'sketch.lint.handle-missing': true,
        'sketch.lint.handle-only-in-setup': true,
        'sketch.lint.handle-conditional': true,
        'sketch.lint.endless-loop': true,
        'sketch.lint.blocking-cloud-loop': true,
        'sketch.lint.long-delay': true,
        'invite.reply': 'silence',
      },
      against: {
        'discovery.over-time': ['always', 'never'],
        'trial.by-address': 'works',
        'discovery.elsewhere': ['any-host', 'same-access-point-only'],
      },
    },
  ],
  fix: [
    'Call ArduinoOTA.handle() in every pass of loop(); it also keeps the announcements going.',
    'If the sketch uses ArduinoOTA.begin(false), call MDNS.update() in loop() as well.',
  ],
  test: 'Reset the board and watch the list: it appears and is gone after a few minutes.',
};
